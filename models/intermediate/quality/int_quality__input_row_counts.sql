{%- set own_days = {
    'raw_contacts': 'created_at',
    'raw_contact_identifiers': 'seen_at',
    'raw_orders': 'ordered_at',
    'raw_events': 'occurred_at',
    'raw_campaigns': 'started_at',
    'raw_consents': 'occurred_at',
    'raw_contact_tags': 'tagged_at',
    'raw_contact_attributes': 'observed_at',
    'raw_experiment_assignments': 'assigned_at',
    'raw_exchange_rates': 'rate_date',
} -%}
{%- set without_system = ['raw_products', 'raw_campaigns', 'raw_exchange_rates'] -%}

with

judged_rows as (

    {%- for raw_table, base_model in base_models().items() %}

    select
        '{{ raw_table }}' as raw_table,
        {{ "''" if raw_table in without_system else "coalesce(source_system, '')" }} as system_name,
        cast({{ own_days.get(raw_table, 'null') }} as date) as row_day,
        row_status,
        rejection_reason,
        coalesce(row_status = 'early' and version_at < {{ as_of_end() }}, false) as is_overdue

    from {{ base_model }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

row_counts as (

    select
        raw_table,
        system_name,
        row_day,
        row_status,
        rejection_reason,
        is_overdue,
        count(*) as row_count

    from judged_rows

    group by raw_table, system_name, row_day, row_status, rejection_reason, is_overdue

)

select * from row_counts
