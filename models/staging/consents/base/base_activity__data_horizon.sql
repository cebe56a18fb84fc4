with

events as (

    select * from {{ ref('crm_segmentation', 'base_activity__events') }}
    where occurred_at >= {{ as_of_end() }}

),

orders as (

    select * from {{ ref('crm_segmentation', 'base_commerce__orders') }}
    where ordered_at >= {{ as_of_end() }}

),

busy_days as (

    select cast(occurred_at as date) as busy_on from events

    union distinct

    select cast(ordered_at as date) as busy_on from orders

),

measured as (

    select
        busy_on,
        {{ days_between('lag(busy_on, 1, ' ~ as_of_date() ~ ') over (order by busy_on asc)', 'busy_on') }} as quiet_days

    from busy_days

),

-- A date typed wrong lies far from any other: what follows a quiet week shows nothing.
in_reach as (

    select
        busy_on,
        max(quiet_days) over (order by busy_on asc rows unbounded preceding) as longest_quiet_days

    from measured

),

last_days as (

    select max(busy_on) as last_busy_on

    from in_reach

    where longest_quiet_days <= 7

),

data_horizon as (

    select case when last_busy_on >= cast({{ clock_skew_end() }} as date) then last_busy_on end as passed_until

    from last_days

)

select * from data_horizon
