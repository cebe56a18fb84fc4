{{ config(enabled=is_connected('hubspot', 'raw_contact_identifiers')) }}

-- Guarantees that who was merged shows the key of whom it was merged with, and the survivor that of both, so that identity makes one
-- person of them.
with

portal_contacts as (

    select * from {{ ref('crm_segmentation', 'landed_hubspot__contacts') }}
    where source_system in ({{ instances_feeding('hubspot', 'raw_contact_identifiers') }})

),

merge_lists as (

    select
        source_system,
        contact_id as survivor_id,
        updated_at,
        loaded_at,
        {{ dbt.concat([
            "'[\"'",
            "replace(" ~ dbt.concat(["coalesce(merged_ids, '')", "';'", "coalesce(merged_ids_with_times, '')"]) ~ ", ';', '\",\"')",
            "'\"]'",
        ]) }} as merged_list

    from portal_contacts

    where merged_ids is not null or merged_ids_with_times is not null

),

listed_merges as (

    select
        source_system,
        survivor_id,
        updated_at,
        loaded_at,
        {{ trim_whitespace(text_part(json_value('item', 'json', []), ':', 1)) }} as absorbed_id

    from {{ json_items('merge_lists', 'merged_list', 'text') }}

    union all

    select
        portal_contacts.source_system,
        merged_contacts.contact_id as survivor_id,
        portal_contacts.updated_at,
        portal_contacts.loaded_at,
        merged_contacts.absorbed_id

    from {{ ref('crm_segmentation', 'landed_hubspot__merged_contacts') }} as merged_contacts

    inner join portal_contacts
        on merged_contacts.source_system = portal_contacts.source_system and merged_contacts.contact_id = portal_contacts.contact_id

),

merged_pairs as (

    select distinct * from listed_merges
    where absorbed_id != '' and absorbed_id != survivor_id

),

holders as (
    {%- for holder_id, shown_id in [('survivor_id', 'absorbed_id'), ('survivor_id', 'survivor_id'), ('absorbed_id', 'absorbed_id')] %}

    select
        merged_pairs.source_system,
        merged_pairs.{{ holder_id }} as contact_id,
        merged_pairs.{{ shown_id }} as shown_id,
        merged_pairs.updated_at,
        merged_pairs.loaded_at

    from merged_pairs

    inner join portal_contacts
        on merged_pairs.source_system = portal_contacts.source_system and merged_pairs.{{ holder_id }} = portal_contacts.contact_id
    {{- '\n\n    union distinct' if not loop.last }}
    {%- endfor %}

),

contact_identifiers as (

    select
        source_system,
        contact_id as source_contact_id,
        updated_at as seen_at,
        loaded_at,
        'crm_id' as identifier_type,
        {{ crm_id('source_system', 'shown_id') }} as identifier_value

    from holders

)

select * from contact_identifiers
