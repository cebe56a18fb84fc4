{{ config(enabled=is_connected('salesforce', 'raw_events')) }}

-- A member of a campaign was not necessarily written to: only campaigns by e-mail send messages, and only to members whose status says so.
-- An answer is what the campaign takes for one: to a message a reply, else a contact outside of the web.
with

campaign_members as (

    select
        members.source_system,
        members.campaign_member_id,
        members.campaign_id,
        members.created_at,
        members.responded_on,
        members.loaded_at,
        coalesce(members.has_responded, false) as has_responded,
        lower(members.status) as member_status,
        coalesce(members.contact_id, members.lead_id) as person_id,
        coalesce(lower(campaigns.campaign_type) in ('email', 'e-mail'), false) as is_by_email

    from {{ ref('crm_segmentation', 'landed_salesforce__campaign_members') }} as members

    left join {{ ref('crm_segmentation', 'landed_salesforce__campaigns') }} as campaigns
        on members.source_system = campaigns.source_system and members.campaign_id = campaigns.campaign_id

    where not coalesce(members.is_in_recycle_bin, false)

),

campaign_answers as (

    select
        source_system,
        person_id,
        campaign_id,
        created_at as occurred_at,
        loaded_at,
        'email' as channel,
        'message_sent' as event_name,
        {{ dbt.concat(["'sent-'", 'campaign_member_id']) }} as event_id

    from campaign_members

    where is_by_email and (has_responded or member_status = 'sent')

    union all

    select
        source_system,
        person_id,
        campaign_id,
        coalesce(responded_on, created_at) as occurred_at,
        loaded_at,
        case when is_by_email then 'email' end as channel,
        case when is_by_email then 'message_replied' else 'offline_contacted' end as event_name,
        {{ dbt.concat(["'answered-'", 'campaign_member_id']) }} as event_id

    from campaign_members

    where has_responded

)

select * from campaign_answers
