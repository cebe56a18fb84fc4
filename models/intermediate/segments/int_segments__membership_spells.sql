-- Guarantees that a row changes only by what the day says: who enters or leaves, by which definition, and who asked to be erased. The
-- pre-hook has taken back what an earlier run of the day wrote; the post-hook deletes what stands for nothing.
with

{{ imports({
    'memberships': 'segment_memberships',
    'erased_ids': 'int_segments__erased_contact_ids',
    'separations': 'int_contacts__separations',
}) }}

definitions as (

    {{ segment_rows() | indent(4) }}

),

-- As they were before the as-of date.
spells_before as (

    {% if is_incremental() -%}
    select * from {{ this }}
    {%- else -%}
    {{ value_rows({
        'segment_name': dbt.type_string(), 'contact_id': dbt.type_string(), 'entered_on': 'date', 'exited_on': 'date',
        'definition_version': dbt.type_string(),
    }, []) }}
    {%- endif %}

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
        spells_before.segment_name,
        spells_before.contact_id,
        spells_before.entered_on,
        spells_before.entered_on as exited_on,
        spells_before.definition_version

    from spells_before

    inner join erased_ids on spells_before.contact_id = erased_ids.contact_id

)

select * from changes
