-- Guarantees one verdict per member of a segment and way. Where messages are counted, a contact gets those of one segment at a time.
with

{{ imports({
    'memberships': 'segment_memberships',
    'definitions': 'segment_definitions',
    'suppressions': 'segment_suppressions',
    'reached': 'int_audiences__reachability',
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

candidates as (

    select
        members.*,
        reached.has_cap,
        case
            when reached.is_forbidden then reached.held_back_reason
            when members.is_suppressed then 'suppressed'
            when members.is_held_out and coalesce(reached.held_back_reason, '') != 'frequency_cap' then 'holdout'
            else reached.held_back_reason
        end as own_reason

    from members

    inner join reached
        on members.contact_id = reached.contact_id and members.channel = reached.channel and members.identifier = reached.identifier

),

firsts as (

    select
        channel,
        identifier,
        contact_id,
        min(segment_rank) as segment_rank

    from candidates

    where own_reason is null and has_cap

    group by channel, identifier, contact_id

),

eligibility as (

    select
        candidates.channel,
        candidates.identifier,
        candidates.segment_name,
        candidates.contact_id,
        coalesce(
            candidates.own_reason, case when candidates.segment_rank > firsts.segment_rank then 'lower_priority_segment' end
        ) as held_back_reason

    from candidates

    left join firsts
        on candidates.channel = firsts.channel and candidates.identifier = firsts.identifier and candidates.contact_id = firsts.contact_id

)

select * from eligibility
