-- Guarantees one row per contact and tag, and none of an erased contact.
with

manual_tags as (

    select * from {{ ref('crm_segmentation', 'stg_people__contact_tags') }}
    where removed_at is null

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

automatic_tags as (

    select * from {{ ref('crm_segmentation', 'int_traits__automatic_tags') }}

),

all_tags as (

    select
        known_records.contact_id,
        manual_tags.tag,
        cast(manual_tags.tagged_at as date) as tagged_on,
        manual_tags.tagged_by,
        false as is_automatic

    from manual_tags

    inner join known_records on manual_tags.record_id = known_records.record_id

    union all

    select
        contact_id,
        tag,
        tagged_on,
        'rule' as tagged_by,
        true as is_automatic

    from automatic_tags

),

-- A tag that a person set goes before one of a rule, and the first of several before the later ones.
ranked as (

    select
        all_tags.*,
        row_number() over (
            partition by all_tags.contact_id, all_tags.tag
            order by all_tags.is_automatic asc, all_tags.tagged_on asc, {{ by_code_point('all_tags.tagged_by') }} asc nulls last
        ) as tag_rank

    from all_tags

    inner join contacts on all_tags.contact_id = contacts.contact_id

),

contact_tags as (

    select
        contact_id,
        cast(tag as {{ dbt.type_string() }}) as tag,
        tagged_on,
        cast(tagged_by as {{ dbt.type_string() }}) as tagged_by,
        is_automatic

    from ranked

    where tag_rank = 1

)

select * from contact_tags
