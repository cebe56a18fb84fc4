{# What a raw value says once spaces around it and the two ways of writing "nothing" are gone. #}
{% macro tidy_text(expression) -%}
    nullif(nullif({{ crm_segmentation.trim_whitespace('cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ ')') }}, ''), 'NULL')
{%- endmacro %}


{# ISO 8601 only: any other order of day and month would be a guess. A moment with an offset is brought to UTC;
   no place is 15 hours away from it. #}
{% macro parse_timestamp(text, years='[12][0-9]{3}') -%}
    {%- set day = years ~ '-[01][0-9]-[0-3][0-9]' -%}
    {%- set time = '[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?' -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^' ~ day ~ '(' ~ time ~ ')?$') }}
            then {{ crm_segmentation.try_cast(text, 'timestamp') }}
        when {{ crm_segmentation.regexp_like(text, '^' ~ day ~ time ~ '(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)$') }}
            then {{ crm_segmentation.utc_from_offset(text) }}
    end
{%- endmacro %}


{% macro parse_date(text) -%}
    cast({{ crm_segmentation.parse_timestamp(text) }} as date)
{%- endmacro %}


{# A decimal point and no thousands separator: 1,234 is two different numbers in two countries. #}
{% macro parse_decimal(text, data_type='numeric(18, 4)') -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^[+-]?[0-9]{1,14}([.][0-9]+)?$') }}
            then {{ crm_segmentation.try_cast(text, data_type) }}
    end
{%- endmacro %}


{# 3.0 is what spreadsheets make of 3. #}
{% macro parse_integer(text) -%}
    case
        when {{ crm_segmentation.regexp_like(text, '^[+-]?[0-9]{1,9}([.]0+)?$') }}
            then cast(cast({{ text }} as numeric(18, 4)) as {{ dbt.type_int() }})
    end
{%- endmacro %}
