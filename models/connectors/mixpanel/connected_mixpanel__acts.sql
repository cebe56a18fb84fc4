{{ config(enabled=is_connected('mixpanel')) }}

with

landed_events as (

    select
        *,
        {{ in_utc('occurred_at', 'mixpanel') }} as utc_occurred_at,
        coalesce(first_distinct_id, distinct_id) as sent_id,
        coalesce(
            device_id, anonymous_id,
            case when substr(distinct_id, 1, 8) = '$device:' then substr(distinct_id, 9) end,
            case when substr(first_distinct_id, 1, 8) = '$device:' then substr(first_distinct_id, 9) end
        ) as browser_id

    from {{ ref('crm_segmentation', 'landed_mixpanel__events') }}

),

-- A distinct id is a browser until somebody says who it is. An event that was sent again, or exported again when its person was known,
-- is the same by its name, its first distinct id, its moment and its insert id.
acts as (

    select
        source_system,
        event_name,
        received_at,
        operating_system,
        app_version,
        page_url,
        campaign,
        product_id,
        event_value,
        alias_id,
        merged_ids,
        distinct_id,
        loaded_at,
        browser_id as anonymous_id,
        {{ contact_system('mixpanel') }} as contact_system,
        {{ tracked_at('utc_occurred_at', 'received_at') }} as occurred_at,
        coalesce(
            user_id, identified_id,
            case when substr(distinct_id, 1, 8) != '$device:' and distinct_id != coalesce(browser_id, '') then distinct_id end
        ) as user_id,
        {{ hashed_key(['event_name', 'sent_id', 'occurred_at', "coalesce(insert_id, '')"]) }} as event_id

    from landed_events

)

select * from acts
