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
    exp({{ crm_segmentation.greatest_of([exponent, '-690e0']) }})
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
   functions), and the asymptotic series of Mills' ratio (Abramowitz and Stegun 26.2.12) in the tail: relative error below 1e-7 up to
   |z| = 37, its value from there on. #}
{% macro normal_tail(z) -%}
    {# Not least_of, which passes over a null. #}
    {%- set size = '(case when abs(' ~ z ~ ') > 37e0 then 37e0 else abs(' ~ z ~ ') end)' -%}
    {%- set reciprocal = '(1e0 / (' ~ size ~ ' * ' ~ size ~ '))' -%}
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
            else 3989422804014327e-16 / {{ size }} * {{ crm_segmentation.polynomial(reciprocal, [
                '-135135e0', '10395e0', '-945e0', '105e0', '-15e0', '3e0', '-1e0', '1e0',
            ]) }}
        end
    )
{%- endmacro %}


{% macro normal_probability(z) -%}
    (
        case when {{ z }} < 0 then 0e0 else 1e0 end
        + case when {{ z }} < 0 then 1e0 else -1e0 end * {{ crm_segmentation.normal_tail(z) }}
    )
{%- endmacro %}


{% macro normal_two_sided_p(z) -%}
    (2e0 * {{ crm_segmentation.normal_tail(z) }})
{%- endmacro %}


{# Wichura (1988), algorithm AS 241, PPND16: relative error about 1e-16 for probabilities from 1e-300. #}
{% macro normal_quantile(probability) -%}
    {%- set middle = '(' ~ probability ~ ' - 5e-1)' -%}
    {%- set centre = '(180625e-6 - ' ~ middle ~ ' * ' ~ middle ~ ')' -%}
    {%- set tail = 'sqrt(-ln(' ~ crm_segmentation.least_of([probability, '1e0 - ' ~ probability]) ~ '))' -%}
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


{# The rows of a relation with a column P(|T| > |t|), for real degrees of freedom v of 0.01 or more: the incomplete beta function
   I_x(a, b) as a continued fraction (DLMF 8.17.22), taken from the side on which 28 terms give a relative error below 1e-6, and put
   together in four steps, because no parser likes 28 brackets. `offset 0` keeps an engine from writing one step out into every place
   where the next one uses it. #}
{% macro with_student_p(relation, t, degrees, column) %}
    {%- set a, b, x = column ~ '_a', column ~ '_b', column ~ '_x' -%}
    {%- set steps = [] -%}
    with

    {{ column }}_sides as (

        select
            *,
            {{ degrees }} / ({{ degrees }} + {{ t }} * {{ t }}) < ({{ degrees }} + 2e0) / ({{ degrees }} + 5e0) as {{ column }}_is_tail

        from {{ relation }}

        {{ crm_segmentation.by_itself() }}

    ),

    {{ column }}_arguments as (

        select
            *,
            case when {{ column }}_is_tail then {{ degrees }} / 2e0 else 5e-1 end as {{ a }},
            case when {{ column }}_is_tail then 5e-1 else {{ degrees }} / 2e0 end as {{ b }},
            case when {{ column }}_is_tail then {{ degrees }} else {{ t }} * {{ t }} end / ({{ degrees }} + {{ t }} * {{ t }}) as {{ x }},
            1e0 as {{ column }}_fraction_0,
            -- x^a (1 - x)^b / B(a, b), which is the same from both sides
            {{ crm_segmentation.bounded_exp('-' ~ degrees ~ ' / 2e0 * ' ~ crm_segmentation.log_of_one_plus('(' ~ t ~ ' * ' ~ t ~ ' / ' ~ degrees ~ ')')) }}
            * abs({{ t }}) / sqrt({{ degrees }} + {{ t }} * {{ t }}) * {{ crm_segmentation.gamma_ratio(degrees) }} * 5641895835477563e-16
                as {{ column }}_front

        from {{ column }}_sides

        {{ crm_segmentation.by_itself() }}

    ),

    {% for part in range(4) -%}
    {%- set fraction = namespace(sql=column ~ '_fraction_' ~ part) -%}
    {%- for step in range(28 - 7 * part, 21 - 7 * part, -1) -%}
        {%- set k = step // 2 -%}
        {%- if step % 2 -%}
            {%- set term -%}
                -({{ a }} + {{ k }}e0) * ({{ a }} + {{ b }} + {{ k }}e0) / (({{ a }} + {{ 2 * k }}e0) * ({{ a }} + {{ 2 * k + 1 }}e0))
            {%- endset -%}
        {%- else -%}
            {%- set term -%}
                {{ k }}e0 * ({{ b }} - {{ k }}e0) / (({{ a }} + {{ 2 * k - 1 }}e0) * ({{ a }} + {{ 2 * k }}e0))
            {%- endset -%}
        {%- endif -%}
        {%- set fraction.sql = '(1e0 + ' ~ term ~ ' * ' ~ x ~ ' / ' ~ fraction.sql ~ ')' -%}
    {%- endfor -%}
    {{ column }}_part_{{ part + 1 }} as (

        select
            *,
            {{ fraction.sql }} as {{ column }}_fraction_{{ part + 1 }}

        from {{ column ~ '_part_' ~ part if part else column ~ '_arguments' }}

        {{ crm_segmentation.by_itself() }}

    ){{ ',' if not loop.last }}

    {% endfor %}
    select
        *,
        case
            when {{ column }}_is_tail then {{ column }}_front / {{ a }} / {{ column }}_fraction_4
            else 1e0 - {{ column }}_front / {{ a }} / {{ column }}_fraction_4
        end as {{ column }}

    from {{ column }}_part_4

    {{ crm_segmentation.by_itself() }}
{% endmacro %}


{# The rows of a relation with student_quantile, the point that |T| exceeds with a probability: the start is the Cornish-Fisher
   expansion (Abramowitz and Stegun 26.7.5); two Newton steps between the logarithms, where both tails are nearly straight, bring the
   relative error below 1e-6 for degrees of freedom of 1 or more and probabilities from 1e-6 to 0.5. #}
{% macro with_student_quantile(relation, probability, degrees) %}
    {%- set z = 'normal_point' -%}
    {%- set v = degrees -%}
    with

    pointed as (

        select
            *,
            -({{ crm_segmentation.normal_quantile('(' ~ probability ~ ' / 2e0)') }}) as normal_point

        from {{ relation }}

        {{ crm_segmentation.by_itself() }}

    ),

    started as (

        select
            *,
            {{ z }}
            + {{ z }} * ({{ z }} * {{ z }} + 1e0) / (4e0 * {{ v }})
            + {{ z }} * {{ crm_segmentation.polynomial(z ~ ' * ' ~ z, ['5e0', '16e0', '3e0']) }} / (96e0 * {{ v }} * {{ v }})
            + {{ z }} * {{ crm_segmentation.polynomial(z ~ ' * ' ~ z, ['3e0', '19e0', '17e0', '-15e0']) }} / (384e0 * {{ v }} * {{ v }} * {{ v }})
                as first_guess

        from pointed

        {{ crm_segmentation.by_itself() }}

    ),

    first_judged as (

        {{ crm_segmentation.with_student_p('started', 'first_guess', v, 'first_guess_p') }}

    ),

    guessed as (

        select
            *,
            {{ crm_segmentation.student_quantile_step('first_guess', 'first_guess_p', probability, v) }} as second_guess

        from first_judged

        {{ crm_segmentation.by_itself() }}

    ),

    second_judged as (

        {{ crm_segmentation.with_student_p('guessed', 'second_guess', v, 'second_guess_p') }}

    )

    select
        *,
        {{ crm_segmentation.student_quantile_step('second_guess', 'second_guess_p', probability, v) }} as student_quantile

    from second_judged

    {{ crm_segmentation.by_itself() }}
{% endmacro %}


{% macro student_quantile_step(point, p, probability, degrees) -%}
    {%- set density -%}
        {{ crm_segmentation.gamma_ratio(degrees) }} / sqrt({{ degrees }} * 3141592653589793e-15)
        * exp(-({{ degrees }} + 1e0) / 2e0 * {{ crm_segmentation.log_of_one_plus('(' ~ point ~ ' * ' ~ point ~ ' / ' ~ degrees ~ ')') }})
    {%- endset -%}
    {{ point }} * exp({{ crm_segmentation.least_of(['50e0', p ~ ' * ln(' ~ p ~ ' / ' ~ probability ~ ') / (2e0 * ' ~ point ~ ' * ' ~ density ~ ')']) }})
{%- endmacro %}


{# P(chi-square > x) by its finite series (Abramowitz and Stegun 26.4.4 and 26.4.5) for up to 31 degrees of freedom, whole numbers. #}
{% macro chi_square_p(chi_square, degrees) -%}
    {# Beyond these bounds powers would underflow, and the result is 1 or 0 all the same. #}
    {%- set half -%}
        (case when {{ chi_square }} > 1380e0 then 690e0 when {{ chi_square }} < 1e-18 then 5e-19 else {{ chi_square }} / 2e0 end)
    {%- endset -%}
    {%- set even, odd = ['1e0'], [] -%}
    {%- set factorial, double_factorial = namespace(value=1), namespace(value=1) -%}
    {%- for k in range(1, 16) -%}
        {%- set factorial.value = factorial.value * k -%}
        {%- set double_factorial.value = double_factorial.value * (2 * k - 1) -%}
        {%- set power = 'power(' ~ half ~ ', ' ~ k ~ 'e0)' -%}
        {%- do even.append('case when ' ~ degrees ~ ' > ' ~ 2 * k ~ ' then ' ~ power ~ ' / ' ~ factorial.value ~ 'e0 else 0e0 end') -%}
        {%- do odd.append('case when ' ~ degrees ~ ' > ' ~ (2 * k - 1) ~ ' then ' ~ power ~ ' * ' ~ 2 ** k ~ 'e0 / ' ~ double_factorial.value ~ 'e0 else 0e0 end') -%}
    {%- endfor -%}
    case
        when {{ degrees }} < 1 or {{ degrees }} > 31 then null
        when {{ crm_segmentation.remainder(degrees, 2) }} = 0 then exp(-{{ half }}) * ({{ even | join(' + ') }})
        else {{ crm_segmentation.normal_two_sided_p('sqrt(' ~ chi_square ~ ')') }}
            + exp(-{{ half }}) / sqrt({{ half }} * 3141592653589793e-15) * ({{ odd | join(' + ') }})
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
