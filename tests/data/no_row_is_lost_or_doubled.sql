-- Joins between staging and marts must neither drop a row nor make two of one.
with

counts as (

    select
        'contact_records' as what,
        (select count(*) from {{ ref('stg_people__contacts') }}) as rows_expected,
        (select count(*) from {{ ref('contact_records') }}) as rows_found

    union all

    select
        'contact_record_links' as what,
        (select count(*) from {{ ref('contact_records') }}) as rows_expected,
        (select count(*) from {{ ref('contact_record_links') }}) as rows_found

    union all

    select
        'source records of contacts' as what,
        (select count(*) from {{ ref('stg_people__contacts') }}) as rows_expected,
        (select sum(source_record_count) from {{ ref('contacts') }}) as rows_found

    union all

    select
        'orders' as what,
        (select count(*) from {{ ref('stg_commerce__orders') }}) as rows_expected,
        (select count(*) from {{ ref('orders') }}) as rows_found

    union all

    select
        'contact_traits' as what,
        (select count(*) from {{ ref('contacts') }}) as rows_expected,
        (select count(*) from {{ ref('contact_traits') }}) as rows_found

    union all

    select
        'contact_lifecycle_stages' as what,
        (select count(*) from {{ ref('contacts') }}) as rows_expected,
        (select count(*) from {{ ref('contact_lifecycle_stages') }}) as rows_found

    union all

    select
        'customers' as what,
        (select count(*) from {{ ref('contact_purchase_summaries') }}) as rows_expected,
        (select count(*) from {{ ref('contact_rfm_scores') }}) as rows_found

)

select * from counts
where rows_expected != rows_found
