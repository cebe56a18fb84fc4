{%- set shares = contact_shares() %}

-- Guarantees that contacts are read once for all checks of them. A system without contacts has no row.
with

contacts as (

    select * from {{ ref('crm_segmentation', 'stg_people__contacts') }}

),

linked_records as (

    select distinct record_id from {{ ref('crm_segmentation', 'int_identity__identifiers') }}

),

decisions as (

    select
        record_id,
        {%- for channel in var('consent_defaults') %}
        max(case when channel = '{{ channel }}' then 1 else 0 end) as decided_on_{{ channel }},
        {%- endfor %}
        count(*) as decision_count

    from {{ ref('crm_segmentation', 'stg_people__consents') }}

    group by record_id

),

counted as (

    select
        contacts.source_system,
        {%- for check_name, subject, fails, counts in shares %}
        count(case when {{ counts }} then 1 end) as row_count_{{ loop.index }},
        count(case when {{ counts }} and {{ fails }} then 1 end) as failing_count_{{ loop.index }},
        {%- endfor %}
        count(*) as contact_count

    from contacts

    left join linked_records on contacts.record_id = linked_records.record_id

    left join decisions on contacts.record_id = decisions.record_id

    group by contacts.source_system

),

contact_shares as (

    {%- for check_name, subject, fails, counts in shares %}

    select
        '{{ check_name }}' as check_name,
        'raw_contacts' as raw_table,
        source_system,
        '{{ subject }}' as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        row_count_{{ loop.index }} as row_count,
        failing_count_{{ loop.index }} as failing_count

    from counted
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from contact_shares
