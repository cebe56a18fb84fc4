{{ config(enabled=is_connected('dmp')) }}

-- Guarantees one row per trait of a line. A trait is "name"="value", the number of a trait that holds (d_sid) or was taken back (d_unsid),
-- the code of one, or a number alone.
with

lines as (

    select
        source_system,
        person_key,
        observed_at,
        loaded_at,
        {{ dbt.concat(["'[\"'", "replace(replace(replace(traits, '\\', ''), '\"', ''), ',', '\",\"')", "'\"]'"]) }} as trait_list

    from {{ ref('crm_segmentation', 'landed_dmp__traits') }}

),

written_traits as (

    select
        source_system,
        person_key,
        observed_at,
        loaded_at,
        {{ tidy_text(json_value('item', 'json', [])) }} as trait

    from {{ json_items('lines', 'trait_list', 'text') }}

),

named_traits as (

    select
        *,
        lower({{ trim_whitespace("split_part(trait, '=', 1)") }}) as written_name,
        {{ tidy_text("split_part(trait, '=', 2)") }} as written_value

    from written_traits

    where trait is not null

),

trait_lists as (

    select
        source_system,
        person_key,
        observed_at,
        loaded_at,
        case
            when written_name in ('d_sid', 'd_unsid', 'ic') then {{ dbt.concat(["'trait_'", 'written_value']) }}
            when written_value is null then {{ dbt.concat(["'trait_'", 'written_name']) }}
            else written_name
        end as attribute_name,
        case
            when written_name = 'd_unsid' then 'false'
            when written_name in ('d_sid', 'ic') or written_value is null then 'true'
            else written_value
        end as attribute_value

    from named_traits

    where not (written_name in ('d_sid', 'd_unsid', 'ic') and written_value is null)

)

select * from trait_lists
