{{ config(enabled=is_connected('segment')) }}

with

-- A list of lines that was cut off is no list, and stops no run.
reports as (

    select
        source_system,
        message_id,
        order_id,
        user_id,
        email,
        order_total,
        discount_total,
        coupon,
        loaded_at,
        upper(currency) as currency,
        {{ contact_system('segment') }} as contact_system,
        {{ tracked_at('occurred_at', 'received_at') }} as reported_at,
        case when {{ is_json('products') }} then products end as product_list,
        case when lower(device_type) in ('ios', 'android') then 'app' else 'web' end as sales_channel

    from {{ ref('crm_segmentation', 'landed_segment__orders') }}

    where not coalesce(is_bot, false) and not {{ is_machine_agent('user_agent') }}

),

-- Browser and server report the same order, and so does a page of thanks that is opened again.
order_reports as (

    select
        *,
        row_number() over (
            partition by source_system, coalesce(order_id, message_id)
            order by case when order_total is null then 1 else 0 end, reported_at, {{ by_code_point('message_id') }}
        ) as report_number

    from reports

)

select * from order_reports
