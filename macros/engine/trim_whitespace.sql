{% macro trim_whitespace(text) -%}
    {{ return(adapter.dispatch('trim_whitespace', 'crm_segmentation')(text)) }}
{%- endmacro %}


{# Tab, line feed, carriage return, space and no-break space, as characters: an escape would not carry over. #}
{% macro whitespace_characters() -%}
    chr(9) || chr(10) || chr(13) || chr(32) || chr(160)
{%- endmacro %}


{% macro default__trim_whitespace(text) -%}
    trim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
{%- endmacro %}


{# Trimming by a set of characters is slow there, and most texts begin with a plain character and end with none of the set. #}
{% macro duckdb__trim_whitespace(text) -%}
    case
        when
            {{ text }} >= '!' and {{ text }} < chr(127)
            and not (
                {%- for code in [32, 9, 10, 13, 160] %}
                {{ 'or ' if not loop.first }}ends_with({{ text }}, chr({{ code }}))
                {%- endfor %}
            )
            then {{ text }}
        else trim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
    end
{%- endmacro %}


{% macro postgres__trim_whitespace(text) -%}
    btrim({{ text }}, {{ crm_segmentation.whitespace_characters() }})
{%- endmacro %}


{# As one literal, which Spark plans faster than five calls. #}
{% macro spark__trim_whitespace(text) -%}
    trim(both '\t\n\r \u00a0' from {{ text }})
{%- endmacro %}
