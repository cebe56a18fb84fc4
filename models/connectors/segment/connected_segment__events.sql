{{ config(enabled=is_connected('segment', 'raw_events')) }}

with

calls as (

    select * from {{ ref('crm_segmentation', 'connected_segment__calls') }}

),

product_calls as (
    {%- for calls in ['product_views', 'cart_additions', 'cart_removals'] %}

    select
        source_system,
        message_id,
        product_id,
        event_value

    from {{ ref('crm_segmentation', 'landed_segment__' ~ calls) }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

),

order_reports as (

    select * from {{ ref('crm_segmentation', 'connected_segment__order_reports') }}

),

-- Of several reports of an order the first is the purchase.
events as (

    select
        calls.contact_system as source_system,
        calls.message_id as event_id,
        calls.user_id as source_contact_id,
        calls.anonymous_id,
        calls.event_name,
        calls.tracked_at as occurred_at,
        calls.received_at,
        calls.operating_system,
        calls.app_version,
        calls.campaign as campaign_id,
        calls.loaded_at,
        product_calls.product_id as source_product_id,
        coalesce(order_reports.order_total, product_calls.event_value) as event_value,
        coalesce(calls.page_path, {{ path_of_address('calls.page_url') }}, calls.screen_name) as page_path,
        case when calls.is_in_app then 'mobile' end as device_type,
        case
            when calls.event_slug in (
                'email_delivered', 'email_opened', 'email_link_clicked', 'email_bounced', 'email_marked_as_spam', 'unsubscribed'
            ) then 'email'
            when calls.event_slug in ('push_notification_received', 'push_notification_tapped', 'push_notification_bounced') then 'push'
            when calls.is_in_app then 'app'
            when calls.page_path is not null or calls.page_url is not null then 'web'
        end as channel

    from calls

    left join product_calls on calls.source_system = product_calls.source_system and calls.message_id = product_calls.message_id

    left join order_reports on calls.source_system = order_reports.source_system and calls.message_id = order_reports.message_id

    where coalesce(order_reports.report_number, 1) = 1

)

select * from events
