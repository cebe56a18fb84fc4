with

totals as (

    select * from {{ ref('int_experiments__totals') }}

),

measured as (

    select
        *,
        cast(contact_count as {{ double_type() }}) as contacts,
        cast(metric_total as {{ double_type() }}) as total,
        cast(metric_total as {{ double_type() }}) / nullif(contact_count, 0) as metric_value

    from totals

),

-- Variance of one contact's value: of a share p (1 - p), of a mean that of the sample.
spread as (

    select
        *,
        case
            when metric_kind = 'share' then metric_value * (1e0 - metric_value)
            when contacts > 1 then
                case
                    when metric_square_total > total * metric_value then (metric_square_total - total * metric_value) / (contacts - 1e0)
                    else 0e0
                end
        end as variance

    from measured

),

compared as (

    select
        spread.*,
        controls.metric_value as control_value,
        controls.contacts as control_contacts,
        spread.metric_value - controls.metric_value as difference,
        -- Null where nothing varies: nothing can be said about chance then.
        nullif(
            sqrt(spread.variance / nullif(spread.contacts, 0e0) + controls.variance / nullif(controls.contacts, 0e0)), 0e0
        ) as standard_error,
        (spread.total + controls.total) / nullif(spread.contacts + controls.contacts, 0e0) as pooled_value,
        spread.variance / nullif(spread.contacts, 0e0) as variant_part,
        controls.variance / nullif(controls.contacts, 0e0) as control_part

    from spread

    left join spread as controls
        on
            spread.experiment_name = controls.experiment_name
            and spread.metric = controls.metric
            and controls.is_control
            and not spread.is_control

),

tests as (

    select
        experiment_name,
        variant,
        metric,
        metric_kind,
        is_control,
        lower_is_better,
        contact_count,
        metric_total,
        contacts,
        control_contacts,
        metric_value,
        control_value,
        variance,
        difference,
        standard_error,
        -- Pooled for the test of a share, because the hypothesis is that both are one; not so for the interval.
        difference / nullif(
            case
                when metric_kind = 'share'
                    then sqrt(pooled_value * (1e0 - pooled_value) * (1e0 / nullif(contacts, 0e0) + 1e0 / nullif(control_contacts, 0e0)))
                else standard_error
            end, 0e0
        ) as statistic,
        -- Welch (1947); the parts scaled by their sum, so that nothing overflows.
        case
            when metric_kind = 'mean' and variant_part + control_part > 0e0
                then 1e0 / (
                    variant_part / (variant_part + control_part) * variant_part / (variant_part + control_part) / (contacts - 1e0)
                    + control_part / (variant_part + control_part) * control_part / (variant_part + control_part) / (control_contacts - 1e0)
                )
        end as degrees_of_freedom

    from compared

)

select * from tests
