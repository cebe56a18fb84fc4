-- Why are these two records one person? One row per link on the way from the first to the second; none: they are two people.
-- dbt compile -s why_are_these_two_one_person --vars '{one_record_id: ..., other_record_id: ...}'
-- Without the variables: the two outermost records of the contact with the most records.
with recursive

records as (

    select * from {{ ref('crm_segmentation', 'int_identity__records') }}

),

contact_records as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

edges as (

    select * from {{ ref('crm_segmentation', 'int_identity__edges') }}

),

largest_contact as (

    select contact_id
    from contact_records
    group by contact_id
    order by count(*) desc, contact_id asc
    limit 1

),

asked_for as (

    select
        coalesce(
            {{ "'" ~ var('one_record_id') ~ "'" if var('one_record_id', none) else 'null' }}, min(contact_records.record_id)
        ) as one_record_id,
        coalesce(
            {{ "'" ~ var('other_record_id') ~ "'" if var('other_record_id', none) else 'null' }}, max(contact_records.record_id)
        ) as other_record_id

    from contact_records

    inner join largest_contact on contact_records.contact_id = largest_contact.contact_id

),

steps as (

    select
        node_a as from_node,
        node_b as to_node,
        link_type,
        match_score

    from edges

    union all

    select
        node_b as from_node,
        node_a as to_node,
        link_type,
        match_score

    from edges

),

-- Breadth first, without coming back to a record; a chain of more than 20 links is not shown.
walks as (

    select
        records.record_number as node,
        0 as step_count,
        cast('|' || cast(records.record_number as {{ dbt.type_string() }}) || '|' as {{ dbt.type_string() }}) as visited

    from records

    inner join asked_for on records.record_id = asked_for.one_record_id

    union all

    select
        steps.to_node as node,
        walks.step_count + 1 as step_count,
        cast(walks.visited || cast(steps.to_node as {{ dbt.type_string() }}) || '|' as {{ dbt.type_string() }}) as visited

    from walks

    inner join steps on walks.node = steps.from_node

    where
        walks.step_count < 20
        and position('|' || cast(steps.to_node as {{ dbt.type_string() }}) || '|' in walks.visited) = 0

),

arrivals as (

    select
        walks.visited,
        row_number() over (order by walks.step_count asc, walks.visited asc) as arrival_rank

    from walks

    inner join records on walks.node = records.record_number

    inner join asked_for on records.record_id = asked_for.other_record_id

),

explained as (

    select
        position(
            '|' || cast(steps.from_node as {{ dbt.type_string() }}) || '|' || cast(steps.to_node as {{ dbt.type_string() }}) || '|'
            in arrivals.visited
        ) as place,
        from_records.source_system as from_source_system,
        from_records.source_contact_id as from_source_contact_id,
        steps.link_type,
        steps.match_score,
        to_records.source_system as to_source_system,
        to_records.source_contact_id as to_source_contact_id

    from arrivals

    inner join steps
        on
            position(
                '|' || cast(steps.from_node as {{ dbt.type_string() }}) || '|' || cast(steps.to_node as {{ dbt.type_string() }}) || '|'
                in arrivals.visited
            ) > 0

    inner join records as from_records on steps.from_node = from_records.record_number

    inner join records as to_records on steps.to_node = to_records.record_number

    where arrivals.arrival_rank = 1

)

select * from explained
order by place asc
