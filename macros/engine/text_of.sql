{# A value as text, the same on every engine for texts, whole numbers, decimals, dates, moments and truth values. #}
{% macro text_of(value) -%}
    {{ return(adapter.dispatch('text_of', 'crm_segmentation')(value)) }}
{%- endmacro %}


{% macro default__text_of(value) -%}
    cast({{ value }} as {{ dbt.type_string() }})
{%- endmacro %}


{# A moment has all its six digits there, where other engines leave out zeros at the end. The type is known while the query is planned. #}
{% macro trino__text_of(value) -%}
    case
        when typeof({{ value }}) like 'timestamp(%' and typeof({{ value }}) not like 'timestamp(0)%'
            then regexp_replace(cast({{ value }} as varchar), '[.]?0+$', '')
        else cast({{ value }} as varchar)
    end
{%- endmacro %}
