{{ config(enabled=is_connected('mailchimp', 'raw_consents')) }}

-- Guarantees a yes only where somebody confirmed one, and a no for everybody who left, with the moment of it where that is known.
with

{{ imports({'unsubscribes': 'landed_mailchimp__unsubscribes'}) }}

members as (

    select
        *,
        lower(status) as member_status

    from {{ ref('crm_segmentation', 'landed_mailchimp__members') }}

),

last_unsubscribes as (

    select
        source_system,
        member_id,
        list_id,
        max(occurred_at) as occurred_at

    from unsubscribes

    group by source_system, member_id, list_id

),

decisions as (

    -- A confirmed opt-in was a yes, whatever came later. Who has not confirmed, was written to for an order or was archived, has said
    -- nothing.
    select
        source_system,
        member_id,
        case member_status when 'subscribed' then coalesce(opted_in_at, signed_up_at) else opted_in_at end as occurred_at,
        loaded_at,
        'granted' as consent_status

    from members

    where member_status = 'subscribed' or (member_status = 'unsubscribed' and opted_in_at is not null)

    union all

    -- Any edit moves last_changed. It dates a no only where the campaign by which somebody left is not known, as of who was taken out by
    -- hand.
    select
        members.source_system,
        members.member_id,
        members.changed_at as occurred_at,
        members.loaded_at,
        'withdrawn' as consent_status

    from members

    left join last_unsubscribes
        on
            members.source_system = last_unsubscribes.source_system
            and members.member_id = last_unsubscribes.member_id
            and members.list_id = last_unsubscribes.list_id

    where
        members.member_status = 'unsubscribed'
        and (last_unsubscribes.occurred_at is null or last_unsubscribes.occurred_at < members.opted_in_at)

    union all

    select
        source_system,
        member_id,
        occurred_at,
        loaded_at,
        'withdrawn' as consent_status

    from unsubscribes

),

consents as (

    select
        source_system,
        member_id as source_contact_id,
        occurred_at,
        loaded_at,
        consent_status,
        'email' as channel,
        'mailchimp' as consent_source

    from decisions

    where source_system in ({{ instances_feeding('mailchimp', 'raw_consents') }})

)

select * from consents
