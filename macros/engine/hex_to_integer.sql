{# Up to 13 hex digits, so that the number is one that a double holds exactly. #}
{% macro hex_to_integer(hex) -%}
    {{ return(adapter.dispatch('hex_to_integer', 'crm_segmentation')(hex)) }}
{%- endmacro %}


{% macro duckdb__hex_to_integer(hex) -%}
    cast(('0x' || {{ hex }}) as bigint)
{%- endmacro %}


{# Bits cannot be cast from a column's text without x in front, and are as many as the text is long: filled up to 64. #}
{% macro postgres__hex_to_integer(hex) -%}
    cast(cast(('x' || lpad({{ hex }}, 16, '0')) as bit(64)) as bigint)
{%- endmacro %}


{% macro default__hex_to_integer(hex) -%}
    cast(conv({{ hex }}, 16, 10) as bigint)
{%- endmacro %}


{% macro snowflake__hex_to_integer(hex) -%}
    to_number({{ hex }}, 'XXXXXXXXXXXXX')
{%- endmacro %}


{% macro trino__hex_to_integer(hex) -%}
    from_base({{ hex }}, 16)
{%- endmacro %}


{% macro bigquery__hex_to_integer(hex) -%}
    cast('0x' || {{ hex }} as bigint)
{%- endmacro %}
