with

records as (

    select * from {{ ref('int_identity__records') }}

),

clusters as (

    select * from {{ ref('int_identity__clusters') }}

),

-- A record linked to no other is a contact of its own.
numbered as (

    select
        records.*,
        coalesce(clusters.component, records.record_number) as first_record_number

    from records

    left join clusters on records.record_number = clusters.node

),

contact_records as (

    select
        numbered.record_id,
        numbered.source_system,
        numbered.source_contact_id,
        first_records.record_id as contact_id,
        numbered.first_seen_at,
        numbered.is_erased

    from numbered

    inner join records as first_records on numbered.first_record_number = first_records.record_number

)

select * from contact_records
