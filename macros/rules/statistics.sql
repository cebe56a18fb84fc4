{# Distribution functions in double arithmetic and elementary functions alone, so that every engine gives the same.
   Arguments are columns or short expressions of the type double_type(): they stand many times in the SQL. #}

{# c[0] x^n + ... + c[n] by Horner's scheme. #}
{% macro polynomial(argument, coefficients) -%}
    {%- set state = namespace(sql=coefficients[0] | string) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set state.sql = '(' ~ state.sql ~ ' * ' ~ argument ~ ' + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{- return(state.sql) -}}
{%- endmacro %}


{# Beyond e^-690 some engines stop with an underflow; a probability that small is given as the last that is none. #}
{% macro bounded_exp(exponent) -%}
    exp(greatest({{ exponent }}, -690e0))
{%- endmacro %}


{# ln(1 + x) for x above -1 without loss of digits near 0. #}
{% macro log_of_one_plus(argument) -%}
    case
        when abs({{ argument }}) < 1e-4
            then {{ argument }} * {{ crm_segmentation.polynomial(argument, ['-25e-2', '33333333333333333e-17', '-5e-1', '1e0']) }}
        else ln(1e0 + {{ argument }})
    end
{%- endmacro %}


{# P(Z > |z|). Hart (1968, Computer Approximations, 5666) as West gave it (2005, Better approximations to cumulative normal
   functions), with a longer continued fraction in the tail: relative error below 1e-8 up to |z| = 37, its value from there on. #}
{% macro normal_tail(z) -%}
    {# Not least(), which passes over a null. #}
    {%- set size = '(case when abs(' ~ z ~ ') > 37e0 then 37e0 else abs(' ~ z ~ ') end)' -%}
    {%- set fraction = namespace(sql='(' ~ size ~ ' + 65e-2)') -%}
    {%- for step in range(16, 0, -1) -%}
        {%- set fraction.sql = '(' ~ size ~ ' + ' ~ step ~ 'e0 / ' ~ fraction.sql ~ ')' -%}
    {%- endfor -%}
    (
        exp(-{{ size }} * {{ size }} / 2e0)
        * case
            when {{ size }} < 707106781186547e-14
                then {{ crm_segmentation.polynomial(size, [
                    '352624965998911e-16', '700383064443688e-15', '637396220353165e-14', '33912866078383e-12',
                    '112079291497871e-12', '221213596169931e-12', '220206867912376e-12',
                ]) }} / {{ crm_segmentation.polynomial(size, [
                    '883883476483184e-16', '175566716318264e-14', '16064177579207e-12', '867807322029461e-13',
                    '296564248779674e-12', '637333633378831e-12', '793826512519948e-12', '440413735824752e-12',
                ]) }}
            else 3989422804014327e-16 / {{ fraction.sql }}
        end
    )
{%- endmacro %}


{% macro normal_probability(z) -%}
    case
        when {{ z }} < 0 then {{ crm_segmentation.normal_tail(z) }}
        else 1e0 - {{ crm_segmentation.normal_tail(z) }}
    end
{%- endmacro %}


{% macro normal_two_sided_p(z) -%}
    (2e0 * {{ crm_segmentation.normal_tail(z) }})
{%- endmacro %}


{# Wichura (1988), algorithm AS 241, PPND16: relative error about 1e-16 for probabilities from 1e-300. #}
{% macro normal_quantile(probability) -%}
    {%- set middle = '(' ~ probability ~ ' - 5e-1)' -%}
    {%- set centre = '(180625e-6 - ' ~ middle ~ ' * ' ~ middle ~ ')' -%}
    {%- set tail = 'sqrt(-ln(least(' ~ probability ~ ', 1e0 - ' ~ probability ~ ')))' -%}
    {%- set near = '(' ~ tail ~ ' - 16e-1)' -%}
    {%- set far = '(' ~ tail ~ ' - 5e0)' -%}
    case
        when abs({{ middle }}) <= 425e-3
            then {{ middle }} * {{ crm_segmentation.polynomial(centre, [
                '2.5090809287301226727e3', '3.3430575583588128105e4', '6.7265770927008700853e4', '4.5921953931549871457e4',
                '1.3731693765509461125e4', '1.9715909503065514427e3', '1.3314166789178437745e2', '3.3871328727963666080e0',
            ]) }} / {{ crm_segmentation.polynomial(centre, [
                '5.2264952788528545610e3', '2.8729085735721942674e4', '3.9307895800092710610e4', '2.1213794301586595867e4',
                '5.3941960214247511077e3', '6.8718700749205790830e2', '4.2313330701600911252e1', '1e0',
            ]) }}
        else case when {{ middle }} < 0 then -1e0 else 1e0 end * case
            when {{ tail }} <= 5e0
                then {{ crm_segmentation.polynomial(near, [
                    '7.74545014278341407640e-4', '2.27238449892691845833e-2', '2.41780725177450611770e-1', '1.27045825245236838258e0',
                    '3.64784832476320460504e0', '5.76949722146069140550e0', '4.63033784615654529590e0', '1.42343711074968357734e0',
                ]) }} / {{ crm_segmentation.polynomial(near, [
                    '1.05075007164441684324e-9', '5.47593808499534494600e-4', '1.51986665636164571966e-2', '1.48103976427480074590e-1',
                    '6.89767334985100004550e-1', '1.67638483018380384940e0', '2.05319162663775882187e0', '1e0',
                ]) }}
            else {{ crm_segmentation.polynomial(far, [
                    '2.01033439929228813265e-7', '2.71155556874348757815e-5', '1.24266094738807843860e-3', '2.65321895265761230930e-2',
                    '2.96560571828504891230e-1', '1.78482653991729133580e0', '5.46378491116411436990e0', '6.65790464350110377720e0',
                ]) }} / {{ crm_segmentation.polynomial(far, [
                    '2.04426310338993978564e-15', '1.42151175831644588870e-7', '1.84631831751005468180e-5', '7.86869131145613259100e-4',
                    '1.48753612908506148525e-2', '1.36929880922735805310e-1', '5.99832206555887937690e-1', '1e0',
                ]) }}
        end
    end
{%- endmacro %}


{# Gamma((v + 1) / 2) / Gamma(v / 2): ten steps up by the recurrence, then the asymptotic series of DLMF 5.11.13. #}
{% macro gamma_ratio(degrees) -%}
    {%- set factors = [] -%}
    {%- for step in range(0, 20, 2) -%}
        {%- do factors.append('(' ~ degrees ~ ' + ' ~ step ~ 'e0) / (' ~ degrees ~ ' + ' ~ (step + 1) ~ 'e0)') -%}
    {%- endfor -%}
    {%- set reciprocal = '(2e0 / (' ~ degrees ~ ' + 20e0))' -%}
    (
        {{ factors | join(' * ') }}
        * sqrt(({{ degrees }} + 20e0) / 2e0)
        * {{ crm_segmentation.polynomial(reciprocal, [
            '2.0718574523925781e-4', '-1.522064208984375e-3', '-6.40869140625e-4', '4.8828125e-3', '7.8125e-3', '-1.25e-1', '1e0',
        ]) }}
    )
{%- endmacro %}


{# P(|T| > |t|) with real degrees of freedom of 0.01 or more: the incomplete beta function as a continued fraction (DLMF 8.17.22), taken
   from the side on which 40 terms give a relative error below 1e-8. #}
{% macro student_two_sided_p(t, degrees) -%}
    {%- set square = '(' ~ t ~ ' * ' ~ t ~ ')' -%}
    {%- set outer = '(' ~ degrees ~ ' / (' ~ degrees ~ ' + ' ~ square ~ '))' -%}
    {%- set inner = '(' ~ square ~ ' / (' ~ degrees ~ ' + ' ~ square ~ '))' -%}
    {%- set tail = namespace(sql='1e0') -%}
    {%- set body = namespace(sql='1e0') -%}
    {%- for step in range(40, 0, -1) -%}
        {%- set k = step // 2 -%}
        {%- if step % 2 -%}
            {%- set numerator = '(' ~ degrees ~ ' + ' ~ 2 * k ~ 'e0) * (' ~ degrees ~ ' + ' ~ (2 * k + 1) ~ 'e0)' -%}
            {%- set tail_term = '(-' ~ numerator ~ ' / ((' ~ degrees ~ ' + ' ~ 4 * k ~ 'e0) * (' ~ degrees ~ ' + ' ~ (4 * k + 2) ~ 'e0)) * ' ~ outer ~ ')' -%}
            {%- set body_term = '(-' ~ (2 * k + 1) ~ 'e0 * (' ~ degrees ~ ' + ' ~ (2 * k + 1) ~ 'e0) / ' ~ (4 * k + 1) * (4 * k + 3) ~ 'e0 * ' ~ inner ~ ')' -%}
        {%- else -%}
            {%- set tail_term = '(' ~ 2 * k * (1 - 2 * k) ~ 'e0 / ((' ~ degrees ~ ' + ' ~ (4 * k - 2) ~ 'e0) * (' ~ degrees ~ ' + ' ~ 4 * k ~ 'e0)) * ' ~ outer ~ ')' -%}
            {%- set body_term = '(' ~ 2 * k ~ 'e0 * (' ~ degrees ~ ' - ' ~ 2 * k ~ 'e0) / ' ~ (4 * k - 1) * (4 * k + 1) ~ 'e0 * ' ~ inner ~ ')' -%}
        {%- endif -%}
        {%- set tail.sql = '(1e0 + ' ~ tail_term ~ ' / ' ~ tail.sql ~ ')' -%}
        {%- set body.sql = '(1e0 + ' ~ body_term ~ ' / ' ~ body.sql ~ ')' -%}
    {%- endfor -%}
    {# x^a (1 - x)^b / B(a, b) with a = v / 2, b = 1 / 2 #}
    {%- set front -%}
        {{ crm_segmentation.bounded_exp('-' ~ degrees ~ ' / 2e0 * ' ~ crm_segmentation.log_of_one_plus('(' ~ square ~ ' / ' ~ degrees ~ ')')) }}
        * abs({{ t }}) / sqrt({{ degrees }} + {{ square }}) * {{ crm_segmentation.gamma_ratio(degrees) }} * 5641895835477563e-16
    {%- endset -%}
    case
        when {{ outer }} < ({{ degrees }} + 2e0) / ({{ degrees }} + 5e0)
            then {{ front }} * 2e0 / {{ degrees }} / {{ tail.sql }}
        else 1e0 - {{ front }} * 2e0 / {{ body.sql }}
    end
{%- endmacro %}


{# The rows of a relation with student_quantile, the point that |T| exceeds with a probability: the start is the Cornish-Fisher
   expansion (Abramowitz and Stegun 26.7.5); two Newton steps between the logarithms, where both tails are nearly straight, bring the
   relative error below 1e-8 for degrees of freedom of 1 or more and probabilities from 1e-6 to 0.5. #}
{% macro with_student_quantile(relation, probability, degrees) %}
    {%- set z = 'normal_point' -%}
    {%- set v = degrees -%}
    select
        stepped.*,
        {{ crm_segmentation.student_quantile_step('quantile_step', probability, v) }} as student_quantile
    from (
        select
            started.*,
            {{ crm_segmentation.student_quantile_step('quantile_start', probability, v) }} as quantile_step
        from (
            select
                pointed.*,
                {{ z }}
                + {{ z }} * ({{ z }} * {{ z }} + 1e0) / (4e0 * {{ v }})
                + {{ z }} * {{ crm_segmentation.polynomial(z ~ ' * ' ~ z, ['5e0', '16e0', '3e0']) }} / (96e0 * {{ v }} * {{ v }})
                + {{ z }} * {{ crm_segmentation.polynomial(z ~ ' * ' ~ z, ['3e0', '19e0', '17e0', '-15e0']) }} / (384e0 * {{ v }} * {{ v }} * {{ v }})
                    as quantile_start
            from (
                select
                    {{ relation }}.*,
                    -({{ crm_segmentation.normal_quantile('(' ~ probability ~ ' / 2e0)') }}) as normal_point
                from {{ relation }}
            ) as pointed
        ) as started
    ) as stepped
{% endmacro %}


{% macro student_quantile_step(point, probability, degrees) -%}
    {%- set p = '(' ~ crm_segmentation.student_two_sided_p(point, degrees) ~ ')' -%}
    {%- set density -%}
        {{ crm_segmentation.gamma_ratio(degrees) }} / sqrt({{ degrees }} * 3141592653589793e-15)
        * exp(-({{ degrees }} + 1e0) / 2e0 * {{ crm_segmentation.log_of_one_plus('(' ~ point ~ ' * ' ~ point ~ ' / ' ~ degrees ~ ')') }})
    {%- endset -%}
    {{ point }} * exp(least(50e0, {{ p }} * ln({{ p }} / {{ probability }}) / (2e0 * {{ point }} * {{ density }})))
{%- endmacro %}


{# P(chi-square > x) by its finite series (Abramowitz and Stegun 26.4.4 and 26.4.5) for up to 63 degrees of freedom, whole numbers. #}
{% macro chi_square_p(chi_square, degrees) -%}
    {%- set bounded = '(case when ' ~ chi_square ~ ' > 1380e0 then 1380e0 else ' ~ chi_square ~ ' end)' -%}
    {%- set series = namespace(sql='1e0') -%}
    {%- for step in range(31, 0, -1) -%}
        {%- set series.sql -%}
            (1e0 + case when {{ degrees }} >= {{ 2 * step + 2 }} + {{ degrees }} % 2
                then {{ bounded }} / ({{ 2 * step }}e0 + {{ degrees }} % 2) * {{ series.sql }} else 0e0 end)
        {%- endset -%}
    {%- endfor -%}
    case
        when {{ degrees }} > 63 or {{ degrees }} < 1 then null
        when {{ degrees }} % 2 = 0 then exp(-{{ bounded }} / 2e0) * {{ series.sql }}
        when {{ degrees }} = 1 then {{ crm_segmentation.normal_two_sided_p('sqrt(' ~ chi_square ~ ')') }}
        else {{ crm_segmentation.normal_two_sided_p('sqrt(' ~ chi_square ~ ')') }}
            + sqrt(2e0 * {{ bounded }} / 3141592653589793e-15) * exp(-{{ bounded }} / 2e0) * {{ series.sql }}
    end
{%- endmacro %}


{# Wilson (1927): the score interval of a share, which stays within 0 and 1 and holds for small counts. 95 %. side: - or +. #}
{% macro wilson_bound(count, total, side) -%}
    {%- set z = crm_segmentation.confidence_point() -%}
    {%- set n = "cast(" ~ total ~ " as " ~ crm_segmentation.double_type() ~ ")" -%}
    {%- set k = "cast(" ~ count ~ " as " ~ crm_segmentation.double_type() ~ ")" -%}
    case
        when {{ total }} = 0 then null
        when {{ count }} = {{ 0 if side == '-' else total }} then {{ '0e0' if side == '-' else '1e0' }}
        else (
            {{ k }} + {{ z }} * {{ z }} / 2e0
            {{ side }} {{ z }} * sqrt({{ k }} * ({{ n }} - {{ k }}) / {{ n }} + {{ z }} * {{ z }} / 4e0)
        ) / ({{ n }} + {{ z }} * {{ z }})
    end
{%- endmacro %}


{# The point that 2.5 % of a normal distribution lie beyond. #}
{% macro confidence_point() -%}
    1959963984540054e-15
{%- endmacro %}


{# A number of a variable as a double: 0.05 alone would be a decimal, in which engines round apart. #}
{% macro double_literal(number) -%}
    cast({{ number }} as {{ crm_segmentation.double_type() }})
{%- endmacro %}
