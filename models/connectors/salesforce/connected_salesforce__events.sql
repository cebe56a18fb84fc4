{{ config(enabled=is_connected('salesforce', 'raw_events')) }}

with

bounces as (

    select
        source_system,
        person_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        email_bounced_at as occurred_at,
        loaded_at,
        'email' as channel,
        'message_bounced' as event_name,
        {{ dbt.concat(["'bounced-'", 'person_id']) }} as event_id

    from {{ ref('crm_segmentation', 'connected_salesforce__people') }}

    where email_bounced_at is not null

),

activities as (

    select
        source_system,
        person_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        occurred_at,
        loaded_at,
        channel,
        event_name,
        event_id

    from {{ ref('crm_segmentation', 'connected_salesforce__activities') }}

),

campaign_answers as (

    select
        source_system,
        person_id,
        campaign_id,
        occurred_at,
        loaded_at,
        channel,
        event_name,
        event_id

    from {{ ref('crm_segmentation', 'connected_salesforce__campaign_answers') }}

),

moments as (

    select * from bounces

    union all

    select * from activities

    union all

    select * from campaign_answers

),

events as (

    select
        source_system,
        event_id,
        person_id as source_contact_id,
        event_name,
        occurred_at,
        channel,
        campaign_id,
        loaded_at

    from moments

    where source_system in ({{ instances_feeding('salesforce', 'raw_events') }})

)

select * from events
