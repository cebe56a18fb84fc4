{#- Seeds whose codes have a label, and the column that they stand in: a code that somebody adds there has one at once. -#}
{%- set coded_seeds = {
    'campaign_goal': ('campaign_goals', 'goal'),
    'customer_category': ('customer_categories', 'customer_category'),
    'destination': ('destinations', 'destination'),
    'event_name': ('event_vocabulary', 'event_name'),
    'lead_grade': ('lead_grades', 'lead_grade'),
    'link_type': ('identifier_types', 'identifier_type'),
    'order_status': ('order_statuses', 'order_status'),
    'rfm_group': ('rfm_groups', 'rfm_group'),
    'rule_name': ('lead_score_rules', 'rule_name'),
    'season': ('seasons', 'season'),
    'trigger_name': ('trigger_rules', 'trigger_name'),
} -%}

with

written_labels as (

    select
        code_kind,
        code,
        written_label,
        display_order

    from {{ ref('crm_segmentation', 'written_code_labels') }}

),

{% for code_kind, (seed, column) in coded_seeds.items() -%}
{{ seed }} as (

    select distinct
        '{{ code_kind }}' as code_kind,
        {{ column }} as code

    from {{ ref('crm_segmentation', seed) }}

),

{% endfor -%}
named_codes as (

    select
        'country_code' as code_kind,
        country_code as code,
        country_name as own_name

    from {{ ref('crm_segmentation', 'countries') }}

    union all

    select
        'language_code' as code_kind,
        language_code as code,
        language_name as own_name

    from {{ ref('crm_segmentation', 'languages') }}
    {%- for seed, column in coded_seeds.values() %}

    union all

    select
        code_kind,
        code,
        {{ in_words('code') }} as own_name

    from {{ seed }}
    {%- endfor %}

),

code_labels as (

    select
        cast(coalesce(written_labels.code_kind, named_codes.code_kind) as {{ dbt.type_string() }}) as code_kind,
        cast(coalesce(written_labels.code, named_codes.code) as {{ dbt.type_string() }}) as code,
        cast(coalesce(written_labels.written_label, named_codes.own_name) as {{ dbt.type_string() }}) as label, -- noqa: RF04
        cast(written_labels.display_order as {{ dbt.type_int() }}) as display_order

    from written_labels

    full outer join named_codes on written_labels.code_kind = named_codes.code_kind and written_labels.code = named_codes.code

)

select * from code_labels
