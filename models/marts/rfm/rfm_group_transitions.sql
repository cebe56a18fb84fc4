with

history as (

    select * from {{ ref('crm_segmentation', 'contact_rfm_history') }}

),

month_ends as (

    select
        month_end,
        lag(month_end) over (order by month_end asc) as previous_month_end

    from {{ ref('crm_segmentation', 'int_rfm__month_ends') }}

),

-- A customer who had not bought at the month end before comes from the group none.
steps as (

    select
        history.month_end,
        history.rfm_group,
        coalesce(previous.rfm_group, 'none') as previous_rfm_group

    from history

    inner join month_ends on history.month_end = month_ends.month_end

    left join history as previous
        on history.contact_id = previous.contact_id and month_ends.previous_month_end = previous.month_end

    where month_ends.previous_month_end is not null

),

transitions as (

    select
        month_end,
        cast(previous_rfm_group as {{ dbt.type_string() }}) as previous_rfm_group,
        rfm_group,
        cast(count(*) as bigint) as contact_count

    from steps

    group by month_end, previous_rfm_group, rfm_group

)

select * from transitions
