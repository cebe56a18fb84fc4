{# Rows (model_name, row_count) for every key that is null or stands more than once. keys: columns by model or seed. #}
{% macro broken_keys(keys) -%}
    {%- for model_name, key in keys.items() %}
    select
        '{{ model_name }}' as model_name,
        count(*) as row_count
    from {{ ref('crm_segmentation', model_name) }}
    group by {{ key | join(', ') }}
    having
        count(*) > 1
        {%- for column in key %}
        or {{ column }} is null
        {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
