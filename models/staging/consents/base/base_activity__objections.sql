-- Read from all raw events at every build, whatever day they are of: what decides about contact may come late, or be dated wrong. A name
-- that no seed has and that reads as a no is one until a row of event_names says what it is; the check objection_names tells of it.
with

mapped_names as (

    select * from {{ ref('crm_segmentation', 'event_names') }}

),

channels as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'channel'

),

data_horizon as (

    select * from {{ ref('crm_segmentation', 'base_activity__data_horizon') }}

),

telling_names as (

    select * from {{ ref('crm_segmentation', 'base_activity__objection_names') }}

),

event_rows as (

    {{ event_rows(condition='event_name in (select raw_event_name from telling_names)') | indent(4) }}

),

objections as (

    select
        event_rows.source_system,
        case when event_rows.source_contact_id is not null then 'contact' else 'anonymous' end as visitor_type,
        coalesce(event_rows.source_contact_id, event_rows.anonymous_id) as visitor_id,
        coalesce(
            own_names.event_name,
            common_names.event_name,
            {{ objection_read_from('event_rows.event_name') | indent(12) }}
        ) as event_name,
        coalesce(channels.stored_value, 'all') as channel,
        case when not {{ is_undated('event_rows.occurred_at', 'data_horizon.passed_until') }} then event_rows.occurred_at end as occurred_at

    from event_rows

    left join mapped_names as own_names
        on
            event_rows.source_system = {{ tidy_source_system('own_names.source_system') }}
            and {{ snake_case('event_rows.event_name') }} = own_names.source_event_name

    left join mapped_names as common_names
        on common_names.source_system = '*' and {{ snake_case('event_rows.event_name') }} = common_names.source_event_name

    left join channels on {{ plain_spelling('event_rows.channel') }} = channels.spelling

    cross join data_horizon

    where
        event_rows.source_system is not null
        and coalesce(event_rows.source_contact_id, event_rows.anonymous_id) is not null
        -- Of a past day that is being rebuilt: what came after it.
        and not coalesce(
            event_rows.received_at >= {{ as_of_end() }} and cast(event_rows.received_at as date) <= data_horizon.passed_until, false
        )

)

select * from objections
