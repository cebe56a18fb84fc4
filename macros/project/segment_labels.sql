{# The CTE labelled: the rows of another one, and how people call the segment of each. #}
{% macro with_segment_labels(rows) -%}
labelled as (

    select
        {{ rows }}.*,
        definitions.label as segment_label

    from {{ rows }}

    left join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions on {{ rows }}.segment_name = definitions.segment_name

)
{%- endmacro %}
