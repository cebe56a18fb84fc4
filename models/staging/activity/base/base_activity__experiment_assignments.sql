with

raw_rows as (

    {{ raw_rows('raw_experiment_assignments') }}

),

judged as (

    select
        *,
        assigned_at as version_at,
        {{ first_reason(
            missing_reasons(['experiment_name', 'source_system', 'source_contact_id', 'variant'])
            + unreadable_reasons(['assigned_at'])
            + impossible_time_reasons(['assigned_at'])
        ) }} as rejection_reason

    from raw_rows

),

ranked as (

    {{ with_row_status('judged', key=['experiment_name', 'source_system', 'source_contact_id', 'lower(variant)', 'assigned_at']) }}

)

select * from ranked
