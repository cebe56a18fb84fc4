{# Whether a value is one of those that systems and people write where they know none: a row of the seed placeholder_identifiers
   for its type. Off DuckDB dbt reads the word null in a seed as nothing. #}
{% macro is_placeholder(text, identifier_type='*') -%}
    {{ crm_segmentation.is_among(
        'lower(' ~ text ~ ')',
        "coalesce(placeholder, 'null')",
        ref('crm_segmentation', 'placeholder_identifiers'),
        "matched_part = 'value' and identifier_type = '" ~ identifier_type ~ "'"
    ) }}
{%- endmacro %}


{# A key of somebody or something; null for a placeholder, which would make one of all that have none. #}
{% macro known_key(text) -%}
    case when {{ crm_segmentation.is_placeholder(text) }} then null else {{ text }} end
{%- endmacro %}
