{{ config(enabled=has_feature('experiments')) }}

-- Guarantees that only what a contact does within the window counts, and each metric of a contact once. No row is the value 0.
with

{{ imports({'events': 'int_campaigns__events', 'orders': 'orders'}) }}

assignments as (

    select * from {{ ref('crm_segmentation', 'experiment_assignments') }}
    where exclusion_reason is null

),

metrics as (

    {{ experiment_metric_rows() | indent(4) }}

),

declared as (

    select distinct experiment_name from metrics

),

event_names_met as (

    select distinct
        assignments.experiment_name,
        assignments.variant,
        assignments.contact_id,
        events.event_name,
        coalesce(declared.experiment_name, '*') as listed_name

    from assignments

    inner join events
        on
            assignments.contact_id = events.contact_id
            and assignments.assigned_at <= events.occurred_at
            and events.occurred_at < {{ dbt.dateadd('day', var('experiment_window_days'), 'assignments.assigned_at') }}

    left join declared on assignments.experiment_name = declared.experiment_name

),

revenues as (

    select
        assignments.experiment_name,
        assignments.variant,
        assignments.contact_id,
        sum(orders.net_amount) as revenue

    from assignments

    inner join orders
        on
            assignments.contact_id = orders.contact_id
            and assignments.assigned_at <= orders.ordered_at
            and orders.ordered_at < {{ dbt.dateadd('day', var('experiment_window_days'), 'assignments.assigned_at') }}

    where orders.is_purchase
    group by assignments.experiment_name, assignments.variant, assignments.contact_id

),

contact_values as (

    select distinct
        event_names_met.experiment_name,
        event_names_met.variant,
        event_names_met.contact_id,
        metrics.metric,
        cast(1 as numeric(18, 2)) as metric_value

    from event_names_met

    inner join metrics
        on
            event_names_met.listed_name = metrics.experiment_name
            and (event_names_met.event_name = metrics.event_name or metrics.metric = 'active')
    {%- for metric, metric_value in [('purchased', 1), ('revenue', 'revenue')] %}

    union all

    select
        experiment_name,
        variant,
        contact_id,
        '{{ metric }}' as metric,
        cast({{ metric_value }} as numeric(18, 2)) as metric_value

    from revenues
    {%- endfor %}

)

select * from contact_values
