-- Guarantees that a cohort is only counted at a month that all its contacts have reached.
with

{{ imports({'entries': 'int_segment_effects__entries', 'stages': 'contact_lifecycle_history', 'orders': 'orders'}) }}

checkpoints as (

    {% for months in [1, 2, 3, 6, 12] -%}
    select
        segment_name,
        contact_id,
        entered_on,
        {{ months }} as months_after,
        cast({{ dbt.dateadd('month', months, 'entered_on') }} as date) as checked_on
    from entries
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

reached as (

    select * from checkpoints
    where checked_on <= {{ as_of_date() }}

),

returns as (

    select
        reached.segment_name,
        reached.contact_id,
        reached.months_after,
        count(*) as purchase_count

    from reached

    inner join orders
        on
            reached.contact_id = orders.contact_id
            and {{ outcome_starts_on('reached.entered_on') }} <= orders.ordered_on
            and reached.checked_on >= orders.ordered_on
            and orders.purchase_number > 1

    group by reached.segment_name, reached.contact_id, reached.months_after

),

cohorts as (

    select
        reached.segment_name,
        cast({{ dbt.date_trunc('month', 'reached.entered_on') }} as date) as cohort_month,
        reached.months_after,
        count(*) as contact_count,
        sum(case when stages.lifecycle_stage not in ('prospect', 'churned') then 1 else 0 end) as customer_count,
        sum(case when returns.purchase_count > 0 then 1 else 0 end) as repeat_purchaser_count

    from reached

    left join stages
        on
            reached.contact_id = stages.contact_id
            and reached.checked_on >= stages.valid_from
            -- A condition with "or" would keep the outer join from looking contacts up.
            and reached.checked_on < coalesce(stages.valid_to, cast('9999-12-31' as date))

    left join returns
        on
            reached.segment_name = returns.segment_name
            and reached.contact_id = returns.contact_id
            and reached.months_after = returns.months_after

    group by reached.segment_name, cast({{ dbt.date_trunc('month', 'reached.entered_on') }} as date), reached.months_after

),

segment_retention as (

    select
        cast(segment_name as {{ dbt.type_string() }}) as segment_name,
        cohort_month,
        cast(months_after as {{ dbt.type_int() }}) as months_after,
        cast(contact_count as bigint) as contact_count,
        cast(customer_count as bigint) as customer_count,
        cast(customer_count as {{ double_type() }}) / contact_count as retention_rate,
        cast(repeat_purchaser_count as bigint) as repeat_purchaser_count,
        cast(repeat_purchaser_count as {{ double_type() }}) / contact_count as repeat_purchase_rate,
        {{ as_of_date() }} as as_of_date

    from cohorts

),

{{ with_segment_labels('segment_retention') }}

select * from labelled
