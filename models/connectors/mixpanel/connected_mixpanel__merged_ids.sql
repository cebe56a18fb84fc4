{{ config(enabled=is_connected('mixpanel', 'raw_contact_identifiers')) }}

with

acts as (

    select * from {{ ref('crm_segmentation', 'connected_mixpanel__acts') }}

),

merge_events as (

    select
        source_system,
        event_id,
        occurred_at,
        loaded_at,
        case when {{ is_json('merged_ids') }} then merged_ids end as id_list

    from acts

    where event_name = '$merge'

),

listed_ids as (

    select
        source_system,
        event_id,
        occurred_at,
        loaded_at,
        item_position,
        {{ tidy_text(json_value('item', 'json', [])) }} as listed_id

    from {{ json_items('merge_events', 'id_list', 'text') }}

),

merged_pairs as (

    select
        listed_ids.source_system,
        listed_ids.listed_id as one_id,
        first_ids.listed_id as other_id,
        listed_ids.occurred_at as seen_at,
        listed_ids.loaded_at

    from listed_ids

    inner join listed_ids as first_ids
        on listed_ids.source_system = first_ids.source_system and listed_ids.event_id = first_ids.event_id and first_ids.item_position = 1

),

-- Three ways in which Mixpanel says that two ids are one person's: its own table, an alias, and a merge.
pairs as (

    select
        source_system,
        distinct_id as one_id,
        resolved_id as other_id,
        cast(null as timestamp) as seen_at,
        loaded_at

    from {{ ref('crm_segmentation', 'landed_mixpanel__id_mappings') }}

    union all

    select
        source_system,
        alias_id as one_id,
        distinct_id as other_id,
        occurred_at as seen_at,
        loaded_at

    from acts

    where event_name = '$create_alias'

    union all

    select * from merged_pairs

)

select * from pairs
