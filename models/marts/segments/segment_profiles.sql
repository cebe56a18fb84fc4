{{ config(incremental_strategy=incremental_strategy('append')) }}

-- Guarantees the row everyone for each segment in force and measured day, also without a member. What was measured
-- stays: contacts as they were on a past day cannot be read again.
with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

contact_traits as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}
    where not is_erased

),

population as (

    select count(*) as population_count from contact_traits

),

-- Members are read once, here. All that follows reads the few rows of this result.
make_ups as (

    select
        memberships.segment_name,
        {%- for trait in var('segment_profile_traits') %}
        contact_traits.{{ trait }},
        {%- endfor %}
        count(*) as contact_count

    from memberships

    inner join contact_traits on memberships.contact_id = contact_traits.contact_id

    group by {{ (['memberships.segment_name'] + var('segment_profile_traits')) | join(', ') }}

),

counts as (

    select
        segment_name,
        'everyone' as trait,
        'all' as trait_value,
        contact_count

    from definitions
    {%- for trait in var('segment_profile_traits') %}

    union all

    select
        segment_name,
        '{{ trait }}' as trait,
        coalesce(cast({{ trait }} as {{ dbt.type_string() }}), '(none)') as trait_value,
        sum(contact_count) as contact_count

    from make_ups

    group by segment_name, coalesce(cast({{ trait }} as {{ dbt.type_string() }}), '(none)')
    {%- endfor %}

),

profiles as (

    select
        counts.segment_name,
        {{ as_of_date() }} as as_of_date,
        cast(counts.trait as {{ dbt.type_string() }}) as trait,
        cast(counts.trait_value as {{ dbt.type_string() }}) as trait_value,
        cast(counts.contact_count as bigint) as contact_count,
        cast(population.population_count as bigint) as population_count,
        definitions.definition_version

    from counts

    inner join definitions on counts.segment_name = definitions.segment_name

    cross join population

)

select * from profiles
