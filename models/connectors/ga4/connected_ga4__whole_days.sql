{{ config(enabled=is_connected('ga4')) }}

-- Guarantees each event of a whole day once. Rows of the running day come again with the whole day; they wait for it, so that none is read
-- twice.
with

keyed_events as (

    select
        property_events.source_system,
        property_events.event_name,
        property_events.occurred_at,
        property_events.user_id,
        property_events.visitor_id,
        property_events.platform,
        property_events.device_category,
        property_events.operating_system,
        property_events.app_version,
        property_events.page_location,
        property_events.campaign,
        property_events.event_value,
        property_events.transaction_id,
        property_events.purchase_revenue,
        property_events.refund_value,
        property_events.currency,
        property_events.loaded_at,
        coalesce(
            property_events.event_id,
            {{ hashed_key([
                "coalesce(stream_id, '')", "coalesce(visitor_id, '')", "coalesce(user_id, '')", 'event_name', 'occurred_at', "coalesce(bundle_id, '')",
                "coalesce(page_in_batch, '')", "coalesce(place_in_batch, '')", "coalesce(session_id, '')", "coalesce(page_location, '')",
                "coalesce(transaction_id, '')", "coalesce(cast(event_value as " ~ dbt.type_string() ~ "), '')",
            ]) }}
        ) as event_id

    from {{ ref('crm_segmentation', 'landed_ga4__events') }} as property_events

    where not coalesce(property_events.is_intraday, false)

),

ranked_events as (

    select
        *,
        row_number() over (
            partition by source_system, event_id
            order by loaded_at desc, occurred_at, {{ by_code_point("coalesce(page_location, '')") }}
        ) as copy_number

    from keyed_events

),

-- Reloading the page of thanks sends the purchase again. One without a number cannot be told from its repetition.
whole_days as (

    select
        source_system,
        event_id,
        event_name,
        occurred_at,
        user_id,
        visitor_id,
        platform,
        device_category,
        operating_system,
        app_version,
        page_location,
        campaign,
        event_value,
        transaction_id,
        purchase_revenue,
        refund_value,
        currency,
        loaded_at,
        case
            when event_name = 'purchase' and lower(transaction_id) != '(not set)'
                then row_number() over (
                    partition by source_system, event_name, transaction_id
                    order by occurred_at, {{ by_code_point('event_id') }}
                )
        end as purchase_number

    from ranked_events

    where copy_number = 1

)

select * from whole_days
