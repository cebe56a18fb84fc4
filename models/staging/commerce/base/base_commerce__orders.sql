{{ rebuilt_for_changes('base_commerce__changed_orders') }}

{#- The view tidies every row. Where only some are to be built again, the others are left out before they are tidied. -#}
{%- set all_rows = ref('crm_segmentation', 'base_commerce__order_rows') %}
{%- set changed_rows = is_changed('base_commerce__changed_orders', key=order_bucket(tidy_key('source_order_id'))) %}
{%- set rows_to_judge = all_rows if execute and not is_incremental() else '(' ~ order_rows(changed_rows) ~ ')' %}

with

phone_numbers as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_numbers') }}

),

ranked as (

    {{ with_row_status_of_many(rows_to_judge, key=['source_system', 'source_order_id']) }}

),

with_guests as (

    select
        ranked.*,
        phone_numbers.phone_e164,
        phone_numbers.phone_line,
        phone_numbers.rejection_reason as phone_rejection_reason,
        {{ email_address('ranked.email') }} as guest_email

    from ranked

    left join phone_numbers
        on
            ranked.phone = phone_numbers.phone
            and coalesce({{ default_country() }}, '') = coalesce(phone_numbers.country_code, '')

),

orders as (

    select
        source_system,
        source_order_id,
        source_contact_id,
        {{ identifier_key(matching_email('guest_email')) }} as email_key,
        {{ identifier_key('phone_line') }} as phone_key,
        case when guest_email is null then email end as raw_email,
        case when phone_e164 is null then phone end as raw_phone,
        phone_rejection_reason,
        ordered_at,
        order_status,
        currency,
        order_total,
        discount_total,
        raw_discount_total,
        refund_total,
        raw_refund_total,
        promotion_code,
        sales_channel,
        updated_at,
        raw_updated_at,
        version_at,
        rejection_reason,
        row_status

    from with_guests

)

select * from orders
