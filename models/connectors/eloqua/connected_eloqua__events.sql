{{ config(enabled=is_connected('eloqua', 'raw_events')) }}

with

-- An activity of an address that several contacts have is one event, of the oldest of them.
acts as (

    select * from {{ ref('crm_segmentation', 'connected_eloqua__acts') }}
    where source_system in ({{ instances_feeding('eloqua', 'raw_events') }}) and place = 1

),

-- A mail server that takes no message today may take the next.
events as (

    select
        source_system,
        contact_id as source_contact_id,
        visitor_id as anonymous_id,
        occurred_at,
        campaign_id,
        loaded_at,
        {{ dbt.concat(['kind', "'-'", 'activity_id']) }} as event_id,
        {{ path_of_address('page_url') }} as page_path,
        case when kind in ('pageview', 'webvisit', 'formsubmit') then 'web' else 'email' end as channel,
        case kind
            when 'emailsend' then 'message_sent'
            when 'emailopen' then 'message_opened'
            when 'emailclickthrough' then 'message_clicked'
            when 'bounceback' then 'message_bounced'
            when 'unsubscribe' then 'message_unsubscribed'
            when 'pageview' then 'page_viewed'
            else 'visited'
        end as event_name

    from acts

    where
        kind in ('emailsend', 'emailopen', 'emailclickthrough', 'unsubscribe', 'pageview', 'webvisit', 'formsubmit')
        or (kind = 'bounceback' and coalesce(smtp_status, '') not like '4%')

)

select * from events
