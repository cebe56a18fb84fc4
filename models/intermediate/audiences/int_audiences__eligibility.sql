-- Guarantees one verdict per member of a segment and way, and with a cap on the channel one segment at a time for each contact.
with

{{ imports({
    'memberships': 'segment_memberships',
    'definitions': 'segment_definitions',
    'suppressions': 'segment_suppressions',
    'reachability': 'int_audiences__reachability',
}) }}

holdouts as (

    select * from {{ ref('crm_segmentation', 'segment_holdouts') }}
    where segment_name != 'all'

),

ways as (

    select * from {{ ref('crm_segmentation', 'int_audiences__ways') }}
    where has_destination

),

segment_ways as (

    select
        definitions.segment_name,
        definitions.priority,
        ways.channel,
        ways.identifier

    from definitions

    inner join ways on {{ place_in_text("'|' || ways.channel || '|'", 'definitions.channels') }} > 0

),

with_own_reasons as (

    select
        segment_ways.channel,
        segment_ways.identifier,
        memberships.segment_name,
        memberships.contact_id,
        segment_ways.priority,
        reachability.has_cap,
        case
            when reachability.is_forbidden then reachability.held_back_reason
            when suppressions.segment_name is not null then 'suppressed'
            when holdouts.segment_name is not null and coalesce(reachability.held_back_reason, '') != 'frequency_cap' then 'holdout'
            else reachability.held_back_reason
        end as own_reason

    from memberships

    inner join segment_ways on memberships.segment_name = segment_ways.segment_name

    inner join reachability
        on
            memberships.contact_id = reachability.contact_id
            and segment_ways.channel = reachability.channel
            and segment_ways.identifier = reachability.identifier

    left join suppressions
        on memberships.contact_id = suppressions.contact_id and memberships.segment_name = suppressions.segment_name

    left join holdouts
        on memberships.contact_id = holdouts.contact_id and memberships.segment_name = holdouts.segment_name

),

ranked as (

    select
        *,
        row_number() over (
            partition by channel, identifier, contact_id
            order by case when own_reason is null then 0 else 1 end asc, priority asc, {{ by_code_point('segment_name') }} asc
        ) as segment_rank

    from with_own_reasons

),

-- Where messages are counted, a contact gets those of one segment at a time.
eligibility as (

    select
        channel,
        identifier,
        segment_name,
        contact_id,
        coalesce(own_reason, case when has_cap and segment_rank > 1 then 'lower_priority_segment' end) as held_back_reason

    from ranked

)

select * from eligibility
