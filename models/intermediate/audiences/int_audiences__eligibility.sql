-- Guarantees one verdict per member of a segment and way, and with a cap on the channel one segment at a time for each contact.
with

{{ imports({
    'memberships': 'segment_memberships',
    'definitions': 'segment_definitions',
    'suppressions': 'segment_suppressions',
    'reachability': 'int_audiences__reachability',
    'holdouts': ['segment_holdouts', "segment_name != 'all'"],
    'ways': ['int_audiences__ways', 'has_destination'],
}) }}

segment_ways as (

    select
        definitions.segment_name,
        rank() over (order by definitions.priority asc, {{ by_code_point('definitions.segment_name') }} asc) as segment_rank,
        ways.channel,
        ways.identifier

    from definitions

    inner join ways on {{ place_in_text("'|' || ways.channel || '|'", 'definitions.channels') }} > 0

),

members as (

    select
        segment_ways.*,
        memberships.contact_id,
        suppressions.segment_name is not null as is_suppressed,
        holdouts.segment_name is not null as is_held_out

    from memberships

    inner join segment_ways on memberships.segment_name = segment_ways.segment_name

    left join suppressions
        on memberships.contact_id = suppressions.contact_id and memberships.segment_name = suppressions.segment_name

    left join holdouts
        on memberships.contact_id = holdouts.contact_id and memberships.segment_name = holdouts.segment_name

),

with_own_reasons as (

    select
        members.*,
        reachability.has_cap,
        case
            when reachability.is_forbidden then reachability.held_back_reason
            when members.is_suppressed then 'suppressed'
            when members.is_held_out and coalesce(reachability.held_back_reason, '') != 'frequency_cap' then 'holdout'
            else reachability.held_back_reason
        end as own_reason

    from members

    inner join reachability
        on
            members.contact_id = reachability.contact_id
            and members.channel = reachability.channel
            and members.identifier = reachability.identifier

),

first_segments as (

    select
        channel,
        identifier,
        contact_id,
        min(segment_rank) as segment_rank

    from with_own_reasons

    where own_reason is null and has_cap

    group by channel, identifier, contact_id

),

-- Where messages are counted, a contact gets those of one segment at a time.
eligibility as (

    select
        with_own_reasons.channel,
        with_own_reasons.identifier,
        with_own_reasons.segment_name,
        with_own_reasons.contact_id,
        coalesce(
            with_own_reasons.own_reason,
            case when with_own_reasons.segment_rank > first_segments.segment_rank then 'lower_priority_segment' end
        ) as held_back_reason

    from with_own_reasons

    left join first_segments
        on
            with_own_reasons.channel = first_segments.channel
            and with_own_reasons.identifier = first_segments.identifier
            and with_own_reasons.contact_id = first_segments.contact_id

)

select * from eligibility
