{{ config(enabled=has_feature('experiments')) }}

with

assignments as (

    select * from {{ ref('crm_segmentation', 'experiment_assignments') }}
    where exclusion_reason is null

),

variants as (

    select * from {{ ref('crm_segmentation', 'int_experiments__variants') }}

),

declared as (

    select * from {{ ref('crm_segmentation', 'int_experiments__declared') }}

),

listed_metrics as (

    {{ experiment_metric_rows() | indent(4) }}

),

events as (

    select * from {{ ref('crm_segmentation', 'int_campaigns__events') }}

),

purchases as (

    select * from {{ ref('crm_segmentation', 'orders') }}
    where is_purchase

),

variant_metrics as (

    select
        variants.experiment_name,
        variants.variant,
        variants.is_control,
        variants.contact_count,
        listed_metrics.metric,
        listed_metrics.metric_kind,
        listed_metrics.event_name,
        listed_metrics.lower_is_better

    from variants

    left join declared on variants.experiment_name = declared.experiment_name

    inner join listed_metrics on coalesce(declared.experiment_name, '*') = listed_metrics.experiment_name

),

event_names_met as (

    select distinct
        assignments.experiment_name,
        assignments.variant,
        assignments.contact_id,
        events.event_name

    from assignments

    inner join events
        on
            assignments.contact_id = events.contact_id
            and assignments.assigned_at <= events.occurred_at
            and events.occurred_at < {{ dbt.dateadd('day', var('experiment_window_days'), 'assignments.assigned_at') }}

),

revenues as (

    select
        assignments.experiment_name,
        assignments.variant,
        assignments.contact_id,
        cast(sum(purchases.net_amount) as numeric(18, 2)) as revenue

    from assignments

    inner join purchases
        on
            assignments.contact_id = purchases.contact_id
            and assignments.assigned_at <= purchases.ordered_at
            and purchases.ordered_at < {{ dbt.dateadd('day', var('experiment_window_days'), 'assignments.assigned_at') }}

    group by assignments.experiment_name, assignments.variant, assignments.contact_id

),

-- A contact without a row here has the value 0.
event_totals as (

    select
        event_names_met.experiment_name,
        event_names_met.variant,
        metrics.metric,
        count(distinct event_names_met.contact_id) as contact_total

    from event_names_met

    inner join variant_metrics as metrics
        on
            event_names_met.experiment_name = metrics.experiment_name
            and event_names_met.variant = metrics.variant
            and (event_names_met.event_name = metrics.event_name or metrics.metric = 'active')

    group by event_names_met.experiment_name, event_names_met.variant, metrics.metric

),

revenue_totals as (

    select
        experiment_name,
        variant,
        count(*) as contact_total,
        sum(revenue) as revenue_total,
        sum({{ exact_product('revenue', 'revenue') }}) as revenue_square_total

    from revenues

    group by experiment_name, variant

),

totals as (

    select
        variant_metrics.experiment_name,
        variant_metrics.variant,
        variant_metrics.is_control,
        variant_metrics.metric,
        variant_metrics.metric_kind,
        variant_metrics.lower_is_better,
        variant_metrics.contact_count,
        cast(coalesce(
            case
                when variant_metrics.metric = 'revenue' then revenue_totals.revenue_total
                when variant_metrics.metric = 'purchased' then revenue_totals.contact_total
                else event_totals.contact_total
            end, 0
        ) as numeric(18, 2)) as metric_total,
        cast(case
            when variant_metrics.metric = 'revenue' then coalesce(revenue_totals.revenue_square_total, 0)
        end as {{ double_type() }}) as metric_square_total

    from variant_metrics

    left join event_totals
        on
            variant_metrics.experiment_name = event_totals.experiment_name
            and variant_metrics.variant = event_totals.variant
            and variant_metrics.metric = event_totals.metric

    left join revenue_totals
        on variant_metrics.experiment_name = revenue_totals.experiment_name and variant_metrics.variant = revenue_totals.variant

)

select * from totals
