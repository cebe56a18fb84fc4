{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='fail',
    pre_hook="{{ crm_segmentation.delete_window('occurred_on', 'date', ref('crm_segmentation', 'int_activity__stale_days')) }}",
) }}

with

telling_events as (

    select * from {{ ref('crm_segmentation', 'stg_activity__events') }}
    where
        {{ in_window('occurred_at', 'timestamp') }}
        and visitor_type != 'none'
        and event_name in ('page_viewed', 'product_viewed', 'article_read', 'cart_added', 'cart_removed')
        and (source_product_id is not null or page_path is not null)

),

-- The first part of a path is the section of the site: /garden/roses tells of an interest in gardens.
with_topics as (

    select
        *,
        coalesce(source_product_id, '') as product_id,
        case
            when event_name in ('page_viewed', 'article_read')
                then {{ first_part_of_path('page_path') }}
            else ''
        end as topic

    from telling_events

),

interests as (

    select
        source_system,
        visitor_type,
        visitor_id,
        occurred_on,
        event_name,
        product_id as source_product_id,
        topic,
        count(*) as event_count,
        max(occurred_at) as last_occurred_at,
        {{ as_of_date() }} as as_of_date

    from with_topics

    where product_id != '' or topic != ''

    group by source_system, visitor_type, visitor_id, occurred_on, event_name, product_id, topic

)

select * from interests
