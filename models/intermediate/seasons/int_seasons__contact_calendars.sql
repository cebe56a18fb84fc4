with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

calendars as (

    select distinct country_code from {{ ref('crm_segmentation', 'int_seasons__occurrences') }}

),

contact_calendars as (

    select
        contacts.contact_id,
        coalesce(calendars.country_code, '') as country_code

    from contacts

    left join calendars on contacts.country_code = calendars.country_code

)

select * from contact_calendars
