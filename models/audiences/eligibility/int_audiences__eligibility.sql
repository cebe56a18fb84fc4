with

memberships as (

    select * from {{ ref('segment_memberships') }}

),

definitions as (

    select * from {{ ref('segment_definitions') }}

),

suppressions as (

    select * from {{ ref('segment_suppressions') }}

),

holdouts as (

    select * from {{ ref('segment_holdouts') }}

),

contacts as (

    select * from {{ ref('contacts') }}

),

channel_states as (

    select * from {{ ref('int_audiences__channel_states') }}

),

destinations as (

    select * from {{ ref('destinations') }}
    where is_active

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
        channel_states.has_cap,
        {{ first_reason([
            ('contacts.is_erased', 'erased'),
            ('channel_states.is_granted is null and not coalesce(channel_states.is_allowed_by_default, false)', 'no_consent'),
            ('not channel_states.is_granted', 'withdrawn'),
            ('channel_states.has_bounced', 'bounced'),
            ('channel_states.has_complained', 'complained'),
            ('suppressions.segment_name is not null', 'suppressed'),
            ('channel_states.is_at_cap', 'frequency_cap'),
            ('global_holdouts.contact_id is not null or segment_holdouts.contact_id is not null', 'holdout'),
            ("segment_ways.identifier in ('email', 'email_or_phone') and contacts.email is null "
                ~ "and (segment_ways.identifier = 'email' or contacts.phone_e164 is null)", 'no_identifier'),
            ("segment_ways.identifier = 'phone' and contacts.phone_e164 is null", 'no_identifier'),
        ]) | indent(8) }} as own_reason

    from memberships

    inner join segment_ways on memberships.segment_name = segment_ways.segment_name

    inner join contacts on memberships.contact_id = contacts.contact_id

    left join channel_states
        on memberships.contact_id = channel_states.contact_id and segment_ways.channel = channel_states.channel

    left join suppressions
        on memberships.contact_id = suppressions.contact_id and memberships.segment_name = suppressions.segment_name

    left join holdouts as segment_holdouts
        on memberships.contact_id = segment_holdouts.contact_id and memberships.segment_name = segment_holdouts.segment_name

    left join holdouts as global_holdouts
        on memberships.contact_id = global_holdouts.contact_id and global_holdouts.segment_name = 'all'

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
