-- Guarantees one row per record, and that the first record of a contact names no link.
with

{{ imports({
    'contact_records': 'contact_records',
    'records': 'int_identity__records',
    'link_ends': 'int_identity__link_ends',
}) }}

-- Of several links the one to the record that was created first, as near to the start of the contact as it gets.
ranked as (

    select
        records.record_id,
        linked_records.record_id as linked_record_id,
        link_ends.link_type,
        link_ends.match_score,
        row_number() over (
            partition by records.record_id order by link_ends.linked_record_number asc, link_ends.strength asc
        ) as link_rank

    from link_ends

    inner join records on link_ends.record_number = records.record_number

    inner join records as linked_records on link_ends.linked_record_number = linked_records.record_number

),

-- The first record of a contact was joined to nobody. Left out here and not in the outer join, which would compare every
-- record with every link for it.
joining_links as (

    select ranked.*

    from ranked

    inner join contact_records on ranked.record_id = contact_records.record_id

    where ranked.link_rank = 1 and contact_records.record_id != contact_records.contact_id

),

contact_record_links as (

    select
        contact_records.record_id,
        contact_records.contact_id,
        joining_links.linked_record_id,
        cast(
            case
                when joining_links.link_type is not null then joining_links.link_type
                when contact_records.record_id = contact_records.contact_id then 'first_record'
                -- The source has emptied the rows since they were one person.
                else 'erased_twin'
            end as {{ dbt.type_string() }}
        ) as link_type,
        cast(joining_links.match_score as numeric(5, 4)) as match_score

    from contact_records

    left join joining_links on contact_records.record_id = joining_links.record_id

)

select * from contact_record_links
