{{ config(enabled=is_connected('mailchimp', 'raw_events')) }}

-- Guarantees that every action of a recipient is one event, whichever of Mailchimp's tables tells it, with a key that a later load keeps.
with

actions as (

    -- Mailchimp keeps no time for each recipient: the campaign's own stands for it.
    select
        recipients.source_system,
        recipients.member_id,
        recipients.campaign_id,
        campaigns.sent_at as occurred_at,
        recipients.loaded_at,
        'sent' as message_action,
        {{ hashed_key(["'sent'", 'recipients.campaign_id', 'recipients.member_id']) }} as event_id

    from {{ ref('crm_segmentation', 'landed_mailchimp__campaign_recipients') }} as recipients

    inner join {{ ref('crm_segmentation', 'landed_mailchimp__campaigns') }} as campaigns
        on recipients.source_system = campaigns.source_system and recipients.campaign_id = campaigns.campaign_id

    where {{ was_sent_by_mailchimp('campaigns') }}

    union all

    select
        source_system,
        member_id,
        campaign_id,
        occurred_at,
        loaded_at,
        lower(action) as message_action,
        {{ hashed_key(['lower(action)', 'campaign_id', 'member_id', 'occurred_at', "coalesce(url, '')"]) }} as event_id

    from {{ ref('crm_segmentation', 'landed_mailchimp__campaign_activity') }}

    -- A soft bounce may arrive yet. After too many of them Mailchimp cleans the address, which is read below.
    where not (lower(action) = 'bounce' and lower(coalesce(bounce_type, '')) like '%soft%')

    union all

    select
        source_system,
        member_id,
        campaign_id,
        occurred_at,
        loaded_at,
        'unsubscribe' as message_action,
        {{ hashed_key(["'unsubscribe'", "coalesce(campaign_id, '')", 'member_id', 'occurred_at']) }} as event_id

    from {{ ref('crm_segmentation', 'landed_mailchimp__unsubscribes') }}

    union all

    -- Mailchimp cleans an address that bounced for good, or too often, out of an audience: that is a bounce also where no campaign shows
    -- it.
    select
        source_system,
        member_id,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        changed_at as occurred_at,
        loaded_at,
        'bounce' as message_action,
        {{ hashed_key(["'cleaned'", 'list_id', 'member_id']) }} as event_id

    from {{ ref('crm_segmentation', 'landed_mailchimp__members') }}

    where lower(status) = 'cleaned'

),

events as (

    select
        source_system,
        event_id,
        member_id as source_contact_id,
        occurred_at,
        campaign_id,
        loaded_at,
        'email' as channel,
        case message_action
            when 'sent' then 'message_sent'
            when 'open' then 'message_opened'
            when 'click' then 'message_clicked'
            when 'bounce' then 'message_bounced'
            when 'unsubscribe' then 'message_unsubscribed'
            else message_action
        end as event_name

    from actions

    where source_system in ({{ instances_feeding('mailchimp', 'raw_events') }})

)

select * from events
