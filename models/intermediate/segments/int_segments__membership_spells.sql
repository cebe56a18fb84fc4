with

memberships as (

    select * from {{ ref('crm_segmentation', 'segment_memberships') }}

),

definitions as (

    select * from {{ ref('crm_segmentation', 'segment_definitions') }}

),

former_ids as (

    select * from {{ ref('crm_segmentation', 'int_segments__former_contact_ids') }}

),

separations as (

    select * from {{ ref('crm_segmentation', 'int_contacts__separations') }}

),

erased_contacts as (

    select contact_id from {{ ref('crm_segmentation', 'contacts') }}
    where is_erased

),

-- As they were before the as-of date: the pre-hook has taken back what an earlier run of the day wrote.
spells_before as (

    {% if is_incremental() -%}
    select * from {{ this }}
    {%- else -%}
    select
        segment_name,
        contact_id,
        {{ as_of_date() }} as entered_on,
        {{ as_of_date() }} as exited_on,
        cast(null as {{ dbt.type_string() }}) as definition_version

    from memberships

    where 1 = 0
    {%- endif %}

),

-- Every id that the person has ever had.
erased_ids as (

    select contact_id from erased_contacts

    union all

    select former_ids.former_contact_id as contact_id

    from former_ids

    inner join erased_contacts on former_ids.contact_id = erased_contacts.contact_id

),

spells_to_forget as (

    select spells_before.*

    from spells_before

    inner join erased_ids on spells_before.contact_id = erased_ids.contact_id

),

-- Who only shared a browser with an erased person keeps what was recorded under the id of both.
inherited_spells as (

    select
        spells_before.segment_name,
        separations.contact_id,
        spells_before.entered_on,
        spells_before.exited_on,
        spells_before.definition_version

    from spells_before

    inner join separations on spells_before.contact_id = separations.erased_contact_id

),

open_spells as (

    select
        spells_before.*,
        false as is_inherited

    from spells_before

    left join erased_ids on spells_before.contact_id = erased_ids.contact_id

    where spells_before.exited_on is null and erased_ids.contact_id is null

    union all

    select
        *,
        true as is_inherited

    from inherited_spells

    where exited_on is null

),

members as (

    select
        memberships.segment_name,
        memberships.contact_id,
        definitions.definition_version

    from memberships

    inner join definitions on memberships.segment_name = definitions.segment_name

),

-- A changed definition has another version, so its members leave under the old one and enter under the new one.
changes as (

    select
        coalesce(members.segment_name, open_spells.segment_name) as segment_name,
        coalesce(members.contact_id, open_spells.contact_id) as contact_id,
        coalesce(open_spells.entered_on, {{ as_of_date() }}) as entered_on,
        case when members.segment_name is null then {{ as_of_date() }} end as exited_on,
        coalesce(members.definition_version, open_spells.definition_version) as definition_version

    from members

    full outer join open_spells
        on
            members.segment_name = open_spells.segment_name
            and members.contact_id = open_spells.contact_id
            and members.definition_version = open_spells.definition_version

    where members.segment_name is null or open_spells.segment_name is null or open_spells.is_inherited

    union all

    select * from inherited_spells
    where exited_on is not null

    union all

    -- An erased contact leaves no trace: the post-hook deletes spells without a day.
    select
        segment_name,
        contact_id,
        entered_on,
        entered_on as exited_on,
        definition_version

    from spells_to_forget

)

select * from changes
