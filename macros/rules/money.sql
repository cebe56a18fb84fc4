{# EUR, eur or Eur. Not GBp or ZAc, which are pence and cents: as pounds and rand they would be a hundred times as much. Judged before
   upper(), which makes a plain I of one without a dot. #}
{% macro is_currency_code(text) -%}
    {{ crm_segmentation.regexp_like(text, '^([A-Z]{3}|[a-z]{3}|[A-Z][a-z]{2})$') }}
{%- endmacro %}


{# An amount without a currency is in the reporting currency; one in a currency that cannot be read is in none. #}
{% macro currency_code(text) -%}
    case
        when {{ text }} is null then '{{ var("reporting_currency") }}'
        when {{ crm_segmentation.is_currency_code(text) }} then upper({{ text }})
    end
{%- endmacro %}


{# A ratio rounded to some decimals, halves upwards: 69.57 / 2 is 34.79. By whole numbers, because an engine that divides
   through binary numbers may round a half down. The numerator has no more decimals than the result and at most four; it is
   widened to 24 digits before the point, because a sum of the largest amounts, or one times a number of messages, needs them. is_count: it is a bigint, far smaller
   than 2 ** 63 / 10 ** scale, and stays one, which costs a fifth. #}
{% macro rounded_ratio(numerator, denominator, scale, is_count=false) -%}
    {%- set product = 'cast(' ~ numerator ~ ' as ' ~ ('bigint' if is_count else 'numeric(28, 4)') ~ ') * ' ~ 2 * 10 ** scale -%}
    {%- set doubled = (product if is_count else 'cast(' ~ product ~ ' as numeric(38, 0))') ~ ' + ' ~ denominator -%}
    cast(
        cast({{ crm_segmentation.whole_part(doubled, '2 * ' ~ denominator) }} as numeric(18, 0))
        * cast(0.{{ '0' * (scale - 1) }}1 as numeric({{ scale + 1 }}, {{ scale }})) as numeric(18, {{ scale }})
    )
{%- endmacro %}


{# The dinars of Bahrain, Iraq, Jordan, Kuwait, Libya and Tunisia and the rial of Oman. #}
{% macro currencies_of_three_decimals() -%}
    {{- return(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']) -}}
{%- endmacro %}


{# Currencies in which shops ask for cents: of a hundred orders hardly all come to whole amounts, as they do in rupees, forints or yen. #}
{% macro currencies_with_cents_in_use() -%}
    {{- return(['AUD', 'CAD', 'CHF', 'EUR', 'GBP', 'NZD', 'USD']) -}}
{%- endmacro %}


{# An amount keeps the decimals that it came with in its own currency, up to four, because some currencies have three. It is exchanged
   with nothing lost and rounded once, to two decimals, halves away from 0. #}
{% macro exchanged_amount(amount, rate) -%}
    round({{ crm_segmentation.exact_product(amount, rate, scale=4) }}, 2)
{%- endmacro %}


{# Amounts from a million millions on are mistyped, and would swallow every sum. 10,000 of the largest fit into 18 digits. #}
{% macro is_too_large(amount) -%}
    abs({{ amount }}) >= 1000000000000
{%- endmacro %}


{# A product of two amounts with nothing lost. DuckDB multiplies decimals of up to 18 digits in 18 digits, and stops the build
   where they do not suffice: 30 million, which is little in dong, squared. 19 digits and 18 are the 38 that every engine has. #}
{% macro exact_product(amount, factor, scale=2) -%}
    cast({{ amount }} as numeric(19, {{ scale }})) * {{ factor }}
{%- endmacro %}


{# An amount that counts the smallest unit of its currency, as payment services count, in the currency itself. Two decimals are the rule.
   Stripe's lists: the króna and the Ugandan shilling have no decimals any more and are still counted with two. #}
{% macro from_minor_units(amount, currency) -%}
    cast(
        {{ crm_segmentation.exact_product(amount, "case
            when upper(" ~ currency ~ ") in (" ~ crm_segmentation.text_literals([
                'BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF',
            ]) ~ ") then cast(1 as numeric(4, 3))
            when upper(" ~ currency ~ ") in (" ~ crm_segmentation.text_literals(['BHD', 'JOD', 'KWD', 'OMR', 'TND']) ~ ") then cast(0.001 as numeric(4, 3))
            else cast(0.01 as numeric(4, 3))
        end", scale=4) }} as numeric(18, 4)
    )
{%- endmacro %}
