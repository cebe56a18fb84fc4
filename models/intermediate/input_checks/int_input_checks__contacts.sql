{#- Every share that is told of contacts: check, subject, and which records fail it out of which. -#}
{%- set shares = [
    ('contact_identifiers', '', 'linked_records.record_id is null', '1 = 1'),
    ('usable_emails', 'email', 'contacts.email is null', 'contacts.raw_email is not null'),
    ('usable_phones', 'phone', 'contacts.phone_e164 is null', 'contacts.raw_phone is not null'),
] -%}
{%- if has_raw_table('raw_consents') -%}
    {%- do shares.append(('decisions', 'any channel', 'decisions.record_id is null', '1 = 1')) -%}
    {%- for channel in var('consent_defaults') -%}
        {%- do shares.append(('decisions_by_channel', channel, 'coalesce(decisions.decided_on_' ~ channel ~ ', 0) = 0', '1 = 1')) -%}
    {%- endfor -%}
{%- endif -%}

with

contacts as (

    select * from {{ ref('stg_people__contacts') }}

),

linked_records as (

    select distinct record_id from {{ ref('int_identity__identifiers') }}

),

decisions as (

    select
        record_id,
        {%- for channel in var('consent_defaults') %}
        max(case when channel = '{{ channel }}' then 1 else 0 end) as decided_on_{{ channel }}{{ ',' if not loop.last }}
        {%- endfor %}

    from {{ ref('stg_people__consents') }}

    group by record_id

),

counted as (

    select
        contacts.source_system,
        {%- for check_name, subject, fails, counts in shares %}
        count(case when {{ counts }} then 1 end) as row_count_{{ loop.index }},
        count(case when {{ counts }} and {{ fails }} then 1 end) as failing_count_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}

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
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from contact_shares
