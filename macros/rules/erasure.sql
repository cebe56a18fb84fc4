{# When an erasure was asked for: the moment that was read, else one of the years that no other column reads as text, so that a
   text and a native timestamp say the same. #}
{% macro deletion_moment(moment, raw_value) -%}
    coalesce(
        {{ moment }},
        {{ crm_segmentation.parse_timestamp('cast(' ~ raw_value ~ ' as ' ~ dbt.type_string() ~ ')', years='(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})') }}
    )
{%- endmacro %}


{# Whether a value of deleted_at says that nobody asked: nothing but zeros, a day of the year zero, 9999 or beyond, what MySQL
   writes for null, or one of not_deleted_values, which the day of a moment is compared with too. #}
{% macro says_not_deleted(moment, raw_value) -%}
    {%- set text = 'cast(' ~ raw_value ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set values = ["chr(92) || 'n'"] -%}
    {%- for value in var('not_deleted_values') -%}
        {%- do values.append("'" ~ value | string | lower | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    (
        {{ raw_value }} is null
        or {{ crm_segmentation.regexp_like(text, '^(0000-.*|[0 :./TZ+-]*0[0 :./TZ+-]*)$') }}
        or {{ crm_segmentation.regexp_like(text, '(^|[^0-9])9999([^0-9]|$)|^[+]?[0-9]{5,}-[0-9]{2}-') }}
        or lower({{ text }}) in ({{ values | join(', ') }})
        or coalesce(cast(cast({{ moment }} as date) as {{ dbt.type_string() }}), '') in ({{ values | join(', ') }})
    )
{%- endmacro %}
