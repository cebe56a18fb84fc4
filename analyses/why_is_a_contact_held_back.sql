-- Why does a destination not get this contact, since when, and when may that change by itself? One row per record of a source system,
-- destination and reason, for contacts that the destination gets for no segment. Look for the key that a source has for the person.
with

members as (

    select * from {{ ref('crm_segmentation', 'audience_members') }}

),

destinations as (

    select * from {{ ref('crm_segmentation', 'destinations') }}

),

reachability as (

    select * from {{ ref('crm_segmentation', 'contact_reachability') }}

),

records as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

eligible as (

    select distinct
        contact_id,
        destination

    from members

    where is_eligible

),

held_back as (

    select
        members.contact_id,
        members.destination,
        members.held_back_reason,
        min(members.segment_name) as first_segment_name,
        count(*) as segment_count,
        max(reachability.since_on) as since_on,
        max(reachability.next_change_on) as next_change_on

    from members

    inner join destinations on members.destination = destinations.destination

    left join reachability
        on
            members.contact_id = reachability.contact_id
            and destinations.channel = reachability.channel
            and members.held_back_reason = reachability.held_back_reason

    left join eligible on members.contact_id = eligible.contact_id and members.destination = eligible.destination

    where eligible.contact_id is null

    group by members.contact_id, members.destination, members.held_back_reason

),

told as (

    select
        records.source_system,
        records.source_contact_id,
        held_back.destination,
        held_back.held_back_reason,
        held_back.since_on,
        held_back.next_change_on,
        held_back.segment_count,
        held_back.first_segment_name,
        held_back.contact_id

    from held_back

    inner join records on held_back.contact_id = records.contact_id

)

select * from told
order by source_system asc, source_contact_id asc, destination asc, held_back_reason asc
