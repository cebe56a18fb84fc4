{# The pairs that Splink scored; none, and at no cost, without fuzzy_matching. #}
{% macro scored_pairs() -%}
    {%- if var('fuzzy_matching') is true -%}
    select * from {{ ref('crm_segmentation', 'int_identity__scored_pairs') }}
    {%- else -%}
    select
        {%- for column in ['record_id_a', 'record_id_b', 'first_name_level', 'last_name_level', 'birth_date_level', 'email_level', 'household_level', 'held_back_by'] %}
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        {%- endfor %}
        cast(null as {{ dbt.type_float() }}) as match_probability
    {{ crm_segmentation.no_rows() }}
    {%- endif -%}
{%- endmacro %}
