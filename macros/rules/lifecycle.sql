{# The stage of a contact on a day. Arguments are SQL: days since the last purchase and between it and the one before
   it, whether loyal_orders purchases lie within loyal_window_days, and the number of purchases so far. #}
{% macro lifecycle_stage(days_since_last_purchase, days_since_previous_purchase, is_loyal, purchase_count) -%}
    case
        when {{ purchase_count }} is null then 'prospect'
        when {{ days_since_last_purchase }} > {{ var('churned_days') }} then 'churned'
        when {{ days_since_last_purchase }} > {{ var('active_days') }} then 'lapsed'
        when {{ days_since_previous_purchase }} > {{ var('active_days') }} then 'reactivated'
        when {{ is_loyal }} then 'loyal'
        when {{ purchase_count }} = 1 and {{ days_since_last_purchase }} <= {{ var('new_days') }} then 'new'
        else 'active'
    end
{%- endmacro %}


{# Days after a purchase on which, by themselves, a stage or a trait of purchases may become another: it is that old, and no longer counts. #}
{% macro purchase_windows() -%}
    {{- return([var('new_days') | int, var('active_days') | int, var('churned_days') | int, var('loyal_window_days') | int, 90, 365] | unique | list) -}}
{%- endmacro %}
