with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

suppressions as (

    select * from {{ ref('crm_segmentation', 'segment_suppressions') }}

),

holdouts as (

    select * from {{ ref('crm_segmentation', 'segment_holdouts') }}
    where segment_name != 'all'

),

reachability as (

    select * from {{ ref('crm_segmentation', 'int_audiences__reachability') }}

),

destinations as (

    {{ active_destinations() | indent(4) }}

),

-- Destinations that share channel and identifier share their members: judged once, however many there are.
ways as (

    select distinct
        channel,
        identifier

    from destinations

),

segment_ways as (

    select
        definitions.segment_name,
        definitions.priority,
        ways.channel,
        ways.identifier

    from definitions

    inner join ways on position('|' || ways.channel || '|' in definitions.channels) > 0

),

judged as (

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
            order by
                case when own_reason is null then 0 else 1 end asc,
                priority asc,
                {{ by_code_point('segment_name') }} asc
        ) as segment_rank

    from judged

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
