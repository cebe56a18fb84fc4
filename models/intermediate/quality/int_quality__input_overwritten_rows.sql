with
{%- for raw_table, (relation, key, own_moment) in {
    'raw_contacts': (ref('crm_segmentation', 'base_people__contacts'), 'source_contact_id', 'created_at'),
    'raw_orders': (ref('crm_segmentation', 'base_commerce__orders'), 'source_order_id', 'ordered_at'),
}.items() %}

{{ raw_table }}_keys as (

    select
        '{{ raw_table }}' as raw_table,
        source_system,
        {{ key }} as row_key,
        max(case when row_status = 'kept' then 1 else 0 end) as is_known,
        max(case when row_status = 'early' and {{ own_moment }} < {{ as_of_end() }} then 1 else 0 end) as is_changed_later

    from {{ relation }}

    where row_status in ('kept', 'early')

    group by source_system, {{ key }}

),
{%- endfor %}

versioned_keys as (

    select * from raw_contacts_keys

    union all

    select * from raw_orders_keys

),

overwritten_rows as (

    select
        raw_table,
        source_system,
        count(*) as row_count,
        count(case when is_known = 0 and is_changed_later = 1 then 1 end) as failing_count

    from versioned_keys

    group by raw_table, source_system

)

select * from overwritten_rows
