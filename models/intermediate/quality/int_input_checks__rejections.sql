{#- What may be shown of a rejected row: a word as it is, a moment or number with 9 for every digit. Never a key or an address. -#}
{%- set shown = {
    'raw_consents': ['channel', 'consent_status'],
    'raw_contact_attributes': ['party'],
    'raw_exchange_rates': ['currency'],
} -%}
{#- Of a past day that is built again, what came later is no fault of the table. -#}
{%- set and_known_by_then = "and rejection_reason not like '%_in_the_future'" if as_of_day() < present_day() else '' -%}
{%- set without_system = ['raw_products', 'raw_campaigns', 'raw_exchange_rates'] -%}

with

rejected_rows as (

    {%- for raw_table, model in models_with_raw_values().items() %}

    select
        '{{ raw_table }}' as raw_table,
        {{ "''" if raw_table in without_system else "coalesce(source_system, '')" }} as source_system,
        rejection_reason,
        case
            when 1 = 0 then ''
            {%- for column in shown.get(raw_table, []) %}
            when rejection_reason like '{{ column }}_%' then {{ column }}
            {%- endfor %}
            {%- for column in typed_raw_columns(raw_table) %}
            when rejection_reason like '{{ column }}_%' then {{ number_shape('raw_' ~ column) }}
            {%- endfor %}
        end as word

    from {{ model }}

    where rejection_reason is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

row_counts as (

    select * from {{ ref('crm_segmentation', 'int_input_checks__row_counts') }}

),

rejected_words as (

    select
        raw_table,
        source_system,
        rejection_reason,
        word,
        count(*) as row_count

    from rejected_rows

    group by raw_table, source_system, rejection_reason, word

),

reasons as (

    select distinct
        raw_table,
        rejection_reason

    from rejected_words

),

rejections as (

    select
        'rejected_rows' as check_name,
        raw_table,
        system_name as source_system,
        '' as subject,
        rejection_reason as word,
        row_count,
        case when row_status = 'rejected' {{ and_known_by_then }} then row_count else 0 end as failing_count

    from row_counts

    union all

    select
        'rejection_reasons' as check_name,
        raw_table,
        source_system,
        rejection_reason as subject,
        word,
        row_count,
        row_count as failing_count

    from rejected_words

    union all

    select
        'rejection_reasons' as check_name,
        row_counts.raw_table,
        row_counts.system_name as source_system,
        reasons.rejection_reason as subject,
        cast(null as {{ dbt.type_string() }}) as word,
        row_counts.row_count,
        0 as failing_count

    from row_counts

    inner join reasons
        on
            row_counts.raw_table = reasons.raw_table
            and coalesce(row_counts.rejection_reason, '') != reasons.rejection_reason

)

select * from rejections
