{#- What base_activity__events holds from earlier runs is read as it stands: this model decides what that one reads anew. -#}
{%- set arrived = ref('crm_segmentation', 'base_activity__event_rows') -%}
{%- set held = stored_relation('base_activity__events') -%}
{%- set start = window_start_after(held) if held is not none and not flags.FULL_REFRESH else none -%}
{%- set days = differing_event_days(held, arrived, start) if start is not none else [] -%}

with

held_events as (

    {{ fingerprinted_events(held or arrived, days, start) }}

),

arrived_events as (

    {{ fingerprinted_events(arrived, days, start) }}

),

-- One that has only come late is in raw_events alone and waits; one that is held and no longer there has been changed.
changed_events as (

    select
        held_events.source_system,
        held_events.occurred_on,
        count(*) as event_count

    from held_events

    left join arrived_events
        on
            held_events.occurred_on = arrived_events.occurred_on
            and held_events.fingerprint = arrived_events.fingerprint
            and coalesce(held_events.source_system, '') = coalesce(arrived_events.source_system, '')
            and coalesce(held_events.event_id, '') = coalesce(arrived_events.event_id, '')

    where arrived_events.fingerprint is null

    group by held_events.source_system, held_events.occurred_on

)

select * from changed_events
