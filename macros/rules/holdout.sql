{# The lowest buckets, so that a larger percentage holds out everyone whom a smaller one would have. #}
{% macro is_held_out(contact_id, name, percent) -%}
    {{ crm_segmentation.hash_bucket([contact_id, name, "'holdout'"], 10000) }} < {{ percent }} * 100
{%- endmacro %}


{# The percentages as half-open intervals of days: the first ever known holds for all days before it. #}
{% macro holdout_percents_in_force() -%}
    select
        case
            when valid_from = min(valid_from) over () then cast('0001-01-01' as date)
            else valid_from
        end as valid_from,
        coalesce(lead(valid_from) over (order by valid_from asc), cast('9999-12-31' as date)) as valid_to,
        global_percent,
        segment_percent

    from {{ ref('crm_segmentation', 'int_segment_effects__holdout_percents') }}
{%- endmacro %}


{# Hook: the last run of the last day that is known decides for that day. #}
{% macro forget_holdout_percents_of_the_day() %}
    {%- if load_relation(this) is not none -%}
        {%- set last_day = run_query('select max(valid_from) as last_day from ' ~ this).rows[0][0] -%}
        {%- if last_day is not none and (last_day | string)[:10] == crm_segmentation.as_of_day() -%}
            delete from {{ this }} where valid_from = {{ crm_segmentation.as_of_date() }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
